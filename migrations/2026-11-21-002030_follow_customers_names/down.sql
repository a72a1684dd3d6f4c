DROP TRIGGER customers_renamed ON customers;
DROP FUNCTION switchboard_customer_renamed();
DROP FUNCTION switchboard_customer_title(text, text, text, text);
