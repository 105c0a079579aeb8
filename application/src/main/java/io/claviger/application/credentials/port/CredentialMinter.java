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
   * Makes a token. Blocks for at most ten seconds. Whatever goes wrong is a {@link MintFailure} and
   * no exception.
   */
  MintResult mint(MintRequest request);

  /** Looks at a secret before it is stored. Sends no request, and does not block. */
  default Inspection inspect(Secret secret) {
    return Inspection.FINE;
  }

  /**
   * What a secret says by itself.
   *
   * @param fault why it can't be used and what to change, without secrets; empty if it can
   * @param tokenUrl the token URL that it names, which counts if the write names none
   */
  record Inspection(Optional<String> fault, Optional<String> tokenUrl) {
    public static final Inspection FINE = new Inspection(Optional.empty(), Optional.empty());

    public static Inspection unusable(String why) {
      return new Inspection(Optional.of(why), Optional.empty());
    }
  }

  /**
   * For which service a token is made, and with what.
   *
   * @param binding the service, its endpoint, and the settings of its credential
   * @param secret what is stored; empty for the kinds that store nothing. It is lent: who asks for
   *     the token wipes it
   * @param signer signs statements about this service, for {@link CredentialKind#FEDERATED}
   * @param owner of the service
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

  /** A token, or why there is none. */
  sealed interface MintResult {
    /** What was tried, in this order; the last of a failure is the one that failed. */
    List<CheckStep> steps();
  }

  /**
   * A token that can be used.
   *
   * @param token what calls send; who receives it wipes it
   * @param lifetime how long it lives from now on
   */
  record Minted(Secret token, Duration lifetime, List<CheckStep> steps) implements MintResult {
    public Minted {
      steps = List.copyOf(steps);
    }
  }

  /**
   * @param step the step that failed
   * @param reason the answer of the other side, or what to change; contains no secret
   */
  record MintFailure(String step, String reason, Cause cause, List<CheckStep> steps)
      implements MintResult {
    public MintFailure {
      steps = List.copyOf(steps);
    }

    /** Who has to do something. */
    public enum Cause {
      /** The other side answered that it gives no token: 403 {@code credential_refused}. */
      REFUSED,
      /** The other side can't be reached or is broken: 503 {@code credential_unavailable}. */
      UNAVAILABLE,
      /** The address may not be reached: 403 {@code destination_not_allowed}. */
      NOT_ALLOWED,
      /** The settings or the secret can't be used as they are: 403 {@code credential_refused}. */
      MISCONFIGURED
    }
  }

  /**
   * One step on the way to a token.
   *
   * @param detail what was found; holds no secret
   */
  record CheckStep(String step, boolean ok, String detail) {}
}
