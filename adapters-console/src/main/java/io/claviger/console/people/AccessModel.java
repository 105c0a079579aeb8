package io.claviger.console.people;

import io.claviger.console.account.AccountModel;
import org.jspecify.annotations.Nullable;

/**
 * The access tokens of somebody else.
 *
 * @param ended what a recovery has just ended; null if there was none
 * @param mayRecover whether the viewer may replace all of them by a new one
 */
public record AccessModel(
    PersonLine person, AccountModel.Tokens tokens, @Nullable String ended, boolean mayRecover) {}
