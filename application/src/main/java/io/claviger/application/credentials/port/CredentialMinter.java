package io.claviger.application.credentials.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.keys.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes the tokens of one kind of credential. */
public interface CredentialMinter {
  CredentialKind kind();

  /**
   * Makes a token. This method blocks for at most ten seconds. Every failure is returned as a
   * {@link MintFailure}; no exception is thrown.
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
   * The facts that can be read from a secret alone.
   *
   * @param fault why the secret can't be used, and what to change; this text contains no secrets;
   *     empty if the secret can be used
   * @param tokenUrl the token URL that the secret names, which is used if the write names no token
   *     URL
   */
  record Inspection(Optional<String> fault, Optional<String> tokenUrl) {
    public static final Inspection FINE = new Inspection(Optional.empty(), Optional.empty());

    public static Inspection unusable(String why) {
      return new Inspection(Optional.of(why), Optional.empty());
    }
  }

  /**
   * The service that needs the token, and its credential.
   *
   * @param binding the service, its endpoint, and the settings of its credential
   * @param secret the stored secret; empty for the kinds of credentials that store no secret. The
   *     caller of {@link #mint} wipes it
   * @param signer signs statements about this service, for {@link CredentialKind#FEDERATED}
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

  /** A token, or the reason why there is no token. */
  sealed interface MintResult {
    /**
     * Returns the steps that were tried, in the order in which they were tried; if there is a
     * failure, the last step is the one that failed.
     */
    List<CheckStep> steps();
  }

  /**
   * A token that can be used.
   *
   * @param token the token that calls send; its receiver has to wipe it
   * @param lifetime how long the token is valid from now on
   */
  record Minted(Secret token, Duration lifetime, List<CheckStep> steps) implements MintResult {
    public Minted {
      steps = List.copyOf(steps);
    }
  }

  /**
   * @param step the step that failed
   * @param reason the answer of the token server, or what to change; contains no secret
   */
  record MintFailure(String step, String reason, Cause cause, List<CheckStep> steps)
      implements MintResult {
    public MintFailure {
      steps = List.copyOf(steps);
    }

    /** The cause of a failure, which decides how calls are refused. */
    public enum Cause {
      /**
       * The token server answered that it refuses to issue a token: 403 {@code credential_refused}.
       */
      REFUSED,
      /** The token server can't be reached or fails: 503 {@code credential_unavailable}. */
      UNAVAILABLE,
      /**
       * The gateway is not allowed to connect to the address: 403 {@code destination_not_allowed}.
       */
      NOT_ALLOWED,
      /** The settings or the secret can't be used as they are: 403 {@code credential_refused}. */
      MISCONFIGURED
    }
  }

  /**
   * One step on the way to a token.
   *
   * @param detail the result of the step; contains no secret
   */
  record CheckStep(String step, boolean ok, String detail) {}
}
