package dev.patron.sandbox.shop;

/**
 * The card on each page that asks for a token and explains it.
 *
 * @param clientId the app for which it asks
 * @param email who a newcomer may sign in as
 * @param password the password of that customer, which is no secret
 */
public record WhoAmICard(String clientId, String email, String password) {}
