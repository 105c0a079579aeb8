package io.claviger.credentials;

import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.credentials.Attempt.Failed;
import io.claviger.credentials.AwsSignature.Identity;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.credentials.TokenUrl;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Creates short-term keys for Amazon Bedrock from an AWS access key. If the settings name a role,
 * the access key first assumes this role, and the role's temporary access key is used instead. This
 * process signs the short-term keys, which are valid for at most 15 minutes.
 */
final class AwsMinter implements CredentialMinter {
  /** The time by which this node's clock may be slow without any effect on calls. */
  private static final Duration SLOW = Duration.ofMinutes(5);

  private final TokenHttp http;

  AwsMinter(TokenHttp http) {
    this.http = http;
  }

  @Override
  public CredentialKind kind() {
    return CredentialKind.AWS;
  }

  @Override
  public MintResult mint(MintRequest request) {
    return Attempt.run(attempt -> mint(attempt, request));
  }

  private MintResult mint(Attempt attempt, MintRequest request) throws Failed {
    CredentialSettings settings = request.settings();
    String region = settings.require(CredentialField.REGION);
    Instant now = http.clock().instant();
    Identity identity =
        new Identity(
            settings.require(CredentialField.ACCESS_KEY_ID),
            CredentialSecrets.text(request.secret().orElseThrow()),
            Optional.empty());
    Optional<String> role = settings.get(CredentialField.ROLE_ARN);
    if (role.isEmpty()) {
      return bedrockKey(
          attempt, new AwsSts.Temporary(identity, AwsSts.LIFETIME, Optional.empty()), region, now);
    }
    attempt.begin("assume_role");
    AwsSts.Temporary temporary =
        new AwsSts(TokenUrl.of(settings.require(CredentialField.STS_URL)), http.begin(request), now)
            .assumeRole(identity, region, role.get(), request.binding().service().toString());
    attempt.done("Assumed " + role.get() + ".");
    return bedrockKey(attempt, temporary, region, now);
  }

  /**
   * Ends an attempt successfully with a short-term key for Bedrock. The key states the time at
   * which it was signed, and AWS ends it by AWS's clock. If AWS has not told its time, the key is
   * used for a shorter time than it was signed for, because this node's clock might be slow.
   *
   * @param signer the access key that signs, with its remaining lifetime; the short-term key must
   *     not outlive the access key
   * @param here the present time according to this node's clock
   */
  static MintResult bedrockKey(
      Attempt attempt, AwsSts.Temporary signer, String region, Instant here) throws Failed {
    attempt.begin("sign");
    Instant now = signer.time().orElse(here);
    Duration most = signer.lifetime();
    Duration lifetime =
        (most.compareTo(AwsSts.LIFETIME) < 0 ? most : AwsSts.LIFETIME)
            .truncatedTo(ChronoUnit.SECONDS);
    // The key states in whole seconds when its validity begins, and its lifetime counts from that
    // time.
    Duration begun = Duration.between(now.truncatedTo(ChronoUnit.SECONDS), now);
    Duration half = lifetime.dividedBy(2);
    Duration doubt =
        signer.time().isPresent() ? Duration.ZERO : half.compareTo(SLOW) < 0 ? half : SLOW;
    return attempt.minted(
        CredentialSecrets.token(AwsSignature.bedrockKey(signer.identity(), region, now, lifetime))
            .orElseThrow(
                () -> new Failed(Cause.MISCONFIGURED, "The signed key is too long to be sent.")),
        lifetime.minus(begun).minus(doubt));
  }
}
