package io.claviger.bootstrap.settings;

import io.claviger.bootstrap.push.PushTarget;
import io.claviger.domain.InvalidValue;
import io.claviger.host.Confidential;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings for pushing the audit trail.
 *
 * @param header a header line for https; empty if no header is sent
 * @param authorities the PEM certificates of the authorities for the receiver's certificate; if
 *     empty, the public authorities apply
 */
public record AuditPushSettings(
    PushTarget target, Optional<Confidential> header, Optional<Confidential> authorities) {
  private static final String ADDRESS = "CLAVIGER_AUDIT_PUSH";
  private static final String TOKEN = "CLAVIGER_AUDIT_PUSH_TOKEN_FILE";
  private static final String AUTHORITIES = "CLAVIGER_AUDIT_PUSH_CACERT";
  private static final int LONGEST = 8_192;
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}: [!-~][ -~]*");
  private static final Pattern TOKEN_ALONE = Pattern.compile("[!-9;-~]+");

  /** Returns the settings; empty if the audit trail is not pushed. */
  static Optional<AuditPushSettings> read(Environment environment) {
    SecretVariables secrets = new SecretVariables(environment);
    Optional<Confidential> header =
        secrets.file(TOKEN).map(String::strip).map(text -> header(text, environment));
    Optional<Confidential> authorities = secrets.authorities(AUTHORITIES);
    Optional<PushTarget> target = target(environment);
    if (target.filter(PushTarget::syslog).isPresent() && header.isPresent()) {
      environment.fault(TOKEN, "is for https alone: syslog has no headers");
    }
    return target.map(to -> new AuditPushSettings(to, header, authorities));
  }

  private static Confidential header(String text, Environment environment) {
    if (text.length() <= LONGEST && HEADER.matcher(text).matches()) {
      return Confidential.of(text);
    }
    if (text.length() > LONGEST || !TOKEN_ALONE.matcher(text).matches()) {
      environment.fault(
          TOKEN, "names a file that must contain one token or one header, such as \"X-Key: abc\"");
    }
    return Confidential.of("Authorization: Bearer " + text);
  }

  private static Optional<PushTarget> target(Environment environment) {
    try {
      return environment.text(ADDRESS).map(PushTarget::of);
    } catch (InvalidValue e) {
      environment.fault(ADDRESS, "must be syslog+tls://host:port or an https URL");
      return Optional.empty();
    }
  }
}
