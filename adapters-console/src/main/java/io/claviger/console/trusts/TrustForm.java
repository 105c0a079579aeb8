package io.claviger.console.trusts;

import io.claviger.application.trusts.Trusts.TrustContent;
import io.claviger.console.page.Fields;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.trusts.RequiredClaims;
import io.claviger.domain.trusts.SubjectPattern;
import io.claviger.domain.trusts.TrustTerms;
import io.claviger.web.server.Form;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the form in which a trust is added. */
record TrustForm(Handle name, TrustContent content) {
  static final Set<String> FIELDS = Set.of("name", "issuer", "subject", "claims", "minutes");

  static TrustForm of(Form form) {
    Fields fields = new Fields(form);
    Optional<Handle> name = fields.required("name", "Give it a name.", Handle::new);
    Optional<Handle> issuer =
        fields.required("issuer", "Choose one of the trusted issuers.", Handle::new);
    Optional<SubjectPattern> subject =
        fields.required("subject", "Say whose tokens are accepted.", SubjectPattern::new);
    Optional<RequiredClaims> claims = fields.optional("claims", TrustForm::claims);
    Optional<Duration> lifetime = fields.optional("minutes", TrustForm::lifetime);
    return fields.check(
        () ->
            new TrustForm(
                name.orElseThrow(),
                new TrustContent(
                    issuer.orElseThrow(),
                    new TrustTerms(
                        subject.orElseThrow(),
                        claims.orElse(RequiredClaims.NONE),
                        lifetime.orElse(TrustTerms.LONGEST)))));
  }

  private static Duration lifetime(String minutes) {
    Duration lifetime = Duration.ofMinutes(Integer.parseInt(minutes));
    if (!TrustTerms.isLifetime(lifetime)) {
      throw new InvalidValue("minutes", "1 to 60");
    }
    return lifetime;
  }

  private static RequiredClaims claims(String lines) {
    Map<String, String> claims = new LinkedHashMap<>();
    for (String line : lines.split("\\R")) {
      int equals = line.indexOf('=');
      if (line.isBlank()) {
        continue;
      }
      if (equals < 1
          || claims.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip())
              != null) {
        throw new InvalidValue("claims", "one a line, each once, as name = value");
      }
    }
    return new RequiredClaims(claims);
  }
}
