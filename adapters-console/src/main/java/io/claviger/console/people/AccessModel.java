package io.claviger.console.people;

import io.claviger.console.account.AccountModel;

/**
 * The access tokens of somebody else.
 *
 * @param mayRecover whether the viewer may replace all of them by a new one
 */
public record AccessModel(PersonLine person, AccountModel.Tokens tokens, boolean mayRecover) {}
