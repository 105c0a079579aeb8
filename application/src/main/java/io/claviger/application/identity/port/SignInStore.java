package io.claviger.application.identity.port;

import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.sessions.Session;
import java.time.Duration;
import java.util.Optional;

/**
 * Stores unfinished sign-ins. The database's clock decides how old a sign-in is, because the clocks
 * of nodes can differ.
 */
public interface SignInStore {
  /** The maximum number of unfinished sign-ins from a block of addresses. */
  int MOST_OF_ORIGIN = 1_000;

  /** The maximum number of unfinished sign-ins from an IPv6 /56 network. */
  int MOST_OF_WIDE = 2_000;

  /** The maximum number of unfinished sign-ins from an IPv6 /48 network. */
  int MOST_OF_SITE = 8_000;

  /**
   * The maximum number of unfinished sign-ins. When it is reached, the oldest sign-ins from the
   * most crowded block of addresses are removed. {@link
   * io.claviger.domain.accounts.AddressBlock#toClose} says how this block is found.
   */
  int MOST = 100_000;

  /**
   * A sign-in.
   *
   * @param session the session whose user wants to link an identity; empty if somebody wants to
   *     sign in
   */
  record PendingSignIn(
      TokenHash state, TokenHash binding, ReturnPath returnPath, Optional<Session.Id> session) {}

  /**
   * Stores a sign-in.
   *
   * @param address the address from which the sign-in begins
   * @return false if too many sign-ins have begun from the network of this address
   */
  boolean insert(PendingSignIn attempt, String address);

  /**
   * Removes and returns a sign-in. If several requests have the same state, only one of them gets
   * the sign-in.
   *
   * @param longest the maximum age of the sign-in; an older sign-in is ignored
   */
  Optional<PendingSignIn> take(TokenHash state, TokenHash binding, Duration longest);

  /** Removes the sign-ins that began longer ago than the given time. */
  int deleteOlderThan(Duration longest);
}
