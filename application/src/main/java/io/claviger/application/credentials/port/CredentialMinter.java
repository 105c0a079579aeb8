package io.claviger.application.credentials.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.keys.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes the tokens for a kind of credential. */
public interface CredentialMinter {
  CredentialKind kind();

  /**
   * Makes a token. This method blocks for up to ten seconds. Every failure is returned as a {@link
   * MintFailure}, and no exception is thrown.
   */
  MintResult mint(MintRequest request);

  /**
   * Checks the form of a secret before it is stored. This method sends no request and does not
   * block.
   */
  default Inspection inspect(Secret secret) {
    return Inspection.FINE;
  }

  /**
   * The result of checking a secret's form.
   *
   * @param fault a text without secrets that says why the secret can't be used and what to change;
   *     empty if the secret can be used
   * @param tokenUrl the token URL in the secret; this URL is used if the write names no token URL
   */
  record Inspection(Optional<String> fault, Optional<String> tokenUrl) {
    public static final Inspection FINE = new Inspection(Optional.empty(), Optional.empty());

    public static Inspection unusable(String why) {
      return new Inspection(Optional.of(why), Optional.empty());
    }
  }

  /**
   * The service that needs the token, with its credential.
   *
   * @param binding the service, its endpoint, and the settings of its credential
   * @param secret the stored secret; empty if the kind of credential has no secret. The caller of
   *     {@link #mint} must wipe the secret
   * @param signer the signer of statements about this service, for {@link CredentialKind#FEDERATED}
   * @param owner the owner of the service
   * @param systemLevel whether the service may reach private addresses
   */
  record MintRequest(
      CredentialBinding binding,
      Optional<Secret> secret,
      ServiceStatement signer,
      User.Id owner,
      boolean systemLevel) {
    public CredentialSettings settings() {
      return binding.settings();
    }
  }

  /** A token, or the reason for its absence. */
  sealed interface MintResult {
    /**
     * Returns the attempted steps in the order of the attempts. After a failure, the last step is
     * the failed step.
     */
    List<CheckStep> steps();
  }

  /**
   * A usable token.
   *
   * @param token the token that calls send; its receiver has to wipe the token
   * @param lifetime the time for which the token is valid from now on
   */
  record Minted(Secret token, Duration lifetime, List<CheckStep> steps) implements MintResult {
    public Minted {
      steps = List.copyOf(steps);
    }
  }

  /**
   * @param step the failed step
   * @param reason the token server's answer or what to change, without secrets
   */
  record MintFailure(String step, String reason, Cause cause, List<CheckStep> steps)
      implements MintResult {
    public MintFailure {
      steps = List.copyOf(steps);
    }

    /** The cause of a failure. The cause decides with which error calls are refused. */
    public enum Cause {
      /** The token server refuses to issue a token: {@code 403 credential_refused}. */
      REFUSED,
      /** The token server can't be reached or fails: {@code 503 credential_unavailable}. */
      UNAVAILABLE,
      /**
       * The gateway must not connect to the token server's address: {@code 403
       * destination_not_allowed}.
       */
      NOT_ALLOWED,
      /**
       * The settings or the secret of the credential can't be used: {@code 403 credential_refused}.
       */
      MISCONFIGURED
    }
  }

  /**
   * One of the steps in which a token is made.
   *
   * @param detail the result of the step, without secrets
   */
  record CheckStep(String step, boolean ok, String detail) {}
}
