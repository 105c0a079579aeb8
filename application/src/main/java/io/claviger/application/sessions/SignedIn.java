package io.claviger.application.sessions;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.sessions.SignInMethod;

/** A user who has just proved who they are. */
public record SignedIn(UserId user, SignInMethod method) {}
