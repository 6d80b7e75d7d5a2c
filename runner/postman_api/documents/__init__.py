"""What collections and environments of Postman say, part by part: compared, shown, without secrets."""
