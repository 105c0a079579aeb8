package io.claviger.application.identity;

import io.claviger.application.sessions.SignedIn;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.ReturnPath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The way in which an attempt to sign in ended. */
public sealed interface SignInResult {
  /**
   * The user is signed in. The caller must start a session.
   *
   * @param returnPath the local path to which the user wanted to go before the sign-in
   * @param notices sentences for the user, for example about groups that were left out
   */
  record Completed(SignedIn who, String returnPath, List<String> notices) implements SignInResult {
    public Completed {
      notices = List.copyOf(notices);
    }
  }

  /**
   * The identity is now linked to the user of the session that requested it.
   *
   * @param names the names that the identity provider states for the account, by which the user can
   *     recognize whether it is their own
   */
  record Linked(String returnPath, Identity identity, List<String> names) implements SignInResult {
    public Linked {
      names = List.copyOf(names);
    }
  }

  /**
   * Nobody is signed in, and no identity is linked.
   *
   * @param sentence the reason for the user, in plain text
   * @param retryAfter the time after which another attempt can succeed; empty if it is not known
   * @param returnPath the path to which the user wanted to go; the start page if the attempt is
   *     unknown
   * @param linking whether the user wanted to link an identity
   */
  record Refused(
      Reason reason,
      String sentence,
      Optional<Duration> retryAfter,
      ReturnPath returnPath,
      boolean linking)
      implements SignInResult {
    public Refused(Reason reason, String sentence) {
      this(reason, sentence, Optional.empty(), ReturnPath.START, false);
    }

    /** Returns this refusal of an attempt that is known. */
    Refused of(ReturnPath wanted, boolean toLink) {
      return new Refused(reason, sentence, retryAfter, wanted, toLink);
    }
  }

  /** The reasons why nobody is signed in. */
  enum Reason {
    /**
     * The attempt is unknown, is older than ten minutes, was already used, or was begun by another
     * browser.
     */
    UNKNOWN_ATTEMPT,
    /** The user or the identity provider ended the attempt. */
    DECLINED,
    /** The identity provider can't be reached, or its answer can't be used. */
    PROVIDER_UNAVAILABLE,
    /** The message from the identity provider is not valid. */
    INVALID_RESPONSE,
    /** The person is in none of the allowed groups. */
    NOT_ALLOWED,
    HANDLE_TAKEN,
    /** There is no usable handle for a new user. */
    NO_HANDLE,
    /** The identity is already linked to another user, or the user already has another identity. */
    IDENTITY_TAKEN,
    /** The session that wanted to link an identity has ended. */
    SESSION_ENDED,
    /** Too many sign-ins are unfinished. */
    BUSY
  }
}
