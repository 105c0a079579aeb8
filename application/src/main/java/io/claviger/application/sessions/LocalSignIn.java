package io.claviger.application.sessions;

import io.claviger.domain.accounts.Handle;

/**
 * Decides who may sign in with a one-time link or an access token, and so without the identity
 * provider.
 *
 * @param everybody whether this sign-in is also open to users other than {@code root}
 */
public record LocalSignIn(boolean everybody) {
  public boolean allows(Handle user) {
    return everybody || user.equals(Handle.ROOT);
  }
}
