// Cookie jar operations as the methods of the store that Postman's jar calls.

function startCookies() {}

function continueCookies() {}
