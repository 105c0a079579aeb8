package io.claviger.credentials;

import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.application.credentials.port.CredentialMinter.MintResult;
import io.claviger.application.credentials.port.CredentialMinter.Minted;
import io.claviger.domain.credentials.TokenLifetime;
import io.claviger.domain.keys.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One attempt to get a token, with the steps that it has taken so far. If a step fails, the attempt
 * ends.
 */
final class Attempt {
  private final List<CheckStep> done = new ArrayList<>();
  private String step = "";

  /** The steps of an attempt. The last step gets a token or fails. */
  interface Way {
    MintResult go(Attempt attempt) throws Failed;
  }

  /** Thrown if a step fails. */
  static final class Failed extends Exception {
    private final Cause why;

    Failed(Cause why, String reason) {
      super(reason);
      this.why = why;
    }
  }

  static MintResult run(Way way) {
    Attempt attempt = new Attempt();
    try {
      return way.go(attempt);
    } catch (Failed failed) {
      return attempt.failure(String.valueOf(failed.getMessage()), failed.why);
    } catch (RuntimeException e) {
      // Only the type of the exception is shown, because its message might repeat the text that
      // could not be read.
      return attempt.failure(
          "It failed unexpectedly (" + e.getClass().getSimpleName() + ").", Cause.MISCONFIGURED);
    }
  }

  /** Begins a step. */
  void begin(String name) {
    step = name;
  }

  /** Ends the current step. */
  void done(String detail) {
    done.add(new CheckStep(step, true, detail));
  }

  /**
   * Ends the attempt successfully with a token.
   *
   * @throws Failed if the token's lifetime is zero or too long; the token is then wiped
   */
  MintResult minted(Secret token, Duration lifetime) throws Failed {
    Optional<String> fault = new TokenLifetime(lifetime).fault();
    if (fault.isPresent()) {
      token.close();
      throw new Failed(Cause.MISCONFIGURED, fault.get());
    }
    done("A token that lives for %,d seconds.".formatted(lifetime.toSeconds()));
    return new Minted(token, lifetime, done);
  }

  private MintFailure failure(String reason, Cause why) {
    done.add(new CheckStep(step, false, reason));
    return new MintFailure(step, reason, why, done);
  }
}
