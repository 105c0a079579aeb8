package io.claviger.application.identity.port;

import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.sessions.Session;
import java.time.Instant;
import java.util.Optional;

/** Stores sign-ins that have begun and are not finished. */
public interface SignInStore {
  /** The greatest number of unfinished sign-ins from one block of addresses. */
  int MOST_OF_ORIGIN = 1_000;

  /** The greatest number of unfinished sign-ins from an IPv6 network of 56 bits. */
  int MOST_OF_WIDE = 2_000;

  /** The greatest number of unfinished sign-ins from an IPv6 network of 48 bits. */
  int MOST_OF_SITE = 8_000;

  /**
   * The greatest number of unfinished sign-ins. If there are more unfinished sign-ins, some are
   * removed: the oldest ones in the block of addresses with the most unfinished sign-ins ({@link
   * io.claviger.domain.accounts.AddressBlock#mostCrowded}).
   */
  int MOST = 100_000;

  /**
   * A sign-in.
   *
   * @param session the session that wants to link an identity to its user; empty for a sign-in
   */
  record PendingSignIn(
      TokenHash state,
      TokenHash binding,
      ReturnPath returnPath,
      Optional<Session.Id> session,
      Instant begunAt) {}

  /**
   * Stores a sign-in.
   *
   * @param address the address from which the sign-in begins
   * @return false when too many sign-ins have begun from that network
   */
  boolean insert(PendingSignIn attempt, String address);

  /**
   * Removes and returns a sign-in. If several requests have the same state, only one of them gets
   * the sign-in.
   *
   * @param since sign-ins that began earlier are not found
   */
  Optional<PendingSignIn> take(TokenHash state, TokenHash binding, Instant since);

  /** Removes sign-ins that began before a time. */
  int deleteBegunBefore(Instant time);
}
