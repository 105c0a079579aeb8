package io.claviger.web.accounts;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.OwnToken;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.projects.Project;
import io.claviger.web.json.Json;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.Times;
import io.claviger.web.policy.LimitsReader;
import io.claviger.web.server.Address;
import java.time.Instant;
import java.util.List;

/** Reads the bodies of requests that create access tokens. */
final class TokenReader {
  private static final JsonConverter<List<AddressNet>> NETWORKS =
      JsonConverter.listOf(JsonConverter.text(TokenReader::network))
          .then(TokenBinding::boundedNetworks);

  private TokenReader() {}

  /**
   * Reads the body of a request for a new token.
   *
   * @param user the future owner of the token; also the default owner of the services and projects
   *     in the body
   */
  static AccessTokens.NewToken creation(JsonObject fields, Handle user) {
    Field<TokenName> name =
        fields.required("name", JsonConverter.text(TokenName::new), "Give this token a name.");
    Field<TokenScope> scope = fields.value("scope", JsonConverter.text(TokenScope::of));
    Field<Instant> expiresAt = fields.nullable("expires_at", Times.instant("expires_at"));
    Field<Instance.Ref> service = fields.nullable("service", whole(user).then(Instance.Ref::of));
    Field<Project.Ref> project = fields.nullable("project", whole(user).then(Project.Ref::of));
    LimitsWrite limits = LimitsReader.read(fields);
    TokenBinding binding = binding(fields);
    Field<Boolean> recovery = fields.value("recovery", JsonConverter.FLAG);
    fields.rejectUnread();
    return new AccessTokens.NewToken(
        name.given().orElseThrow(),
        scope.given(),
        expiresAt.given(),
        service.given(),
        project.given(),
        limits.over(Limits.NONE),
        recovery.or(false),
        binding,
        false);
  }

  /**
   * Reads the body of a request for a token with fewer rights than the requesting token.
   *
   * @param user the default owner of the services and projects in the body
   */
  static OwnToken.NarrowerToken narrower(JsonObject fields, Handle user) {
    Field<TokenName> name =
        fields.required("name", JsonConverter.text(TokenName::new), "Give this token a name.");
    Field<Instance.Ref> service = fields.nullable("service", whole(user).then(Instance.Ref::of));
    Field<Project.Ref> project = fields.nullable("project", whole(user).then(Project.Ref::of));
    LimitsWrite limits = LimitsReader.read(fields);
    Field<Instant> expiresAt = fields.nullable("expires_at", Times.instant("expires_at"));
    TokenBinding binding = binding(fields);
    fields.rejectUnread();
    return new OwnToken.NarrowerToken(
        name.given().orElseThrow(), service.given(), project.given(), limits, expiresAt, binding);
  }

  /**
   * Reads the networks or the certificate to which the token is bound. If the field is absent, the
   * token is accepted from everywhere.
   */
  private static TokenBinding binding(JsonObject fields) {
    return fields
        .nested("bound_to")
        .map(
            bound -> {
              Field<List<AddressNet>> networks = bound.nullable("networks", NETWORKS);
              Field<CertificateThumbprint> certificate =
                  bound.nullable(
                      "certificate_sha256", JsonConverter.text(CertificateThumbprint::new));
              if (isNull(bound, "networks") && isNull(bound, "certificate_sha256")) {
                // A caller who asks for a bound token must not get one that is accepted everywhere.
                fields
                    .location("bound_to")
                    .fault("required", "Name networks or a certificate, or leave this out.");
              }
              bound.recordUnknownFields();
              return new TokenBinding(networks.given().orElse(List.of()), certificate.given());
            })
        .orElse(TokenBinding.NONE);
  }

  private static boolean isNull(JsonObject fields, String name) {
    return fields.take(name).filter(value -> !(value instanceof Json.Null)).isEmpty();
  }

  private static AddressNet network(String text) {
    return AddressNet.parse(text)
        .orElseThrow(
            () ->
                new InvalidValue(
                    "networks",
                    AddressNet.otherBits(text)
                        .orElse("IP addresses, or networks in CIDR notation such as 10.0.0.0/8")));
  }

  private static JsonConverter<String> whole(Handle user) {
    return JsonConverter.text(text -> Address.completed(text, user));
  }
}
