package io.claviger.console.trusts;

import io.claviger.application.trusts.Trusts.TrustContent;
import io.claviger.console.page.Fields;
import io.claviger.console.page.Versions;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.trusts.RequiredClaims;
import io.claviger.domain.trusts.SubjectPattern;
import io.claviger.domain.trusts.Trust;
import io.claviger.domain.trusts.TrustTerms;
import io.claviger.web.server.Form;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

record TrustForm(Handle name, TrustContent content) {
  static final Set<String> FIELDS =
      Set.of("name", "issuer", "subject", "claims", "minutes", Versions.FIELD);

  static TrustForm added(Form form) {
    Fields fields = new Fields(form);
    return of(fields, fields.required("name", "Give it a name.", Handle::new));
  }

  static TrustForm changed(Handle name, Form form) {
    return of(new Fields(form), Optional.of(name));
  }

  static Map<String, String> shown(Trust trust) {
    return Map.of(
        "issuer",
        trust.issuer().name().value(),
        "subject",
        trust.terms().subject().value(),
        "claims",
        String.join("\n", claims(trust)),
        "minutes",
        Long.toString(trust.terms().maxLifetime().toMinutes()),
        Versions.FIELD,
        Long.toString(trust.version()));
  }

  /** The claims that a trust demands, such as {@code repository_id = 5088}. */
  static List<String> claims(Trust trust) {
    return trust.terms().claims().values().entrySet().stream()
        .map(claim -> claim.getKey() + " = " + claim.getValue())
        .sorted()
        .toList();
  }

  private static TrustForm of(Fields fields, Optional<Handle> name) {
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
        throw new InvalidValue("claims", "one per line, each once, as name = value");
      }
    }
    return new RequiredClaims(claims);
  }
}
