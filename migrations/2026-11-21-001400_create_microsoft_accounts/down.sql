DROP TABLE microsoft_accounts;
