DROP FUNCTION switchboard_sum_customer_counts();
DROP TRIGGER customers_went ON customers;
DROP FUNCTION switchboard_customers_went();
DROP TRIGGER customers_turned ON customers;
DROP FUNCTION switchboard_customer_turned();
DROP TRIGGER customers_came ON customers;
DROP FUNCTION switchboard_customers_came();
DROP TABLE customer_counts;
