package io.claviger.web.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.Identities.AssignedIdentity;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.web.accounts.EndedJson;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.StoredRepresentation;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /v1/users/{user}/identity}: the account of a user at the identity provider. */
public final class IdentityRoutes implements RouteGroup {
  private static final List<String> READ_ONLY =
      List.of("linked_at", "signed_in_at", "unfollowed_groups");

  private final Identities identities;

  public IdentityRoutes(Identities identities) {
    this.identities = identities;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/users/{user}/identity").get(this::show).put(this::assign).delete(this::unlink);
  }

  private void show(ApiCall call) {
    call.ok(IdentityJson.of(Problems.valueOf(identities.find(call.actor(), call.handle("user")))));
  }

  private void assign(ApiCall call) {
    Handle user = call.handle("user");
    try (Body body = call.body()) {
      Identity identity = identity(body.fields(), call.actor(), user);
      AssignedIdentity assigned = Problems.valueOf(identities.assign(call.actor(), user, identity));
      call.written(assigned.created(), IdentityJson.of(assigned.identity(), assigned.ended()));
    }
  }

  private Identity identity(JsonObject fields, Actor actor, Handle user) {
    Field<Issuer> issuer =
        fields.required(
            "issuer", JsonConverter.text(Issuer::new), "Give the address of the issuer.");
    Field<Subject> subject =
        fields.required(
            "subject",
            JsonConverter.text(Subject::new),
            "Give the person's subject at the issuer.");
    if (fields.hasAny(READ_ONLY)) {
      current(actor, user).rejectChanges(fields, READ_ONLY);
    }
    fields.ignore("ended");
    fields.rejectUnread();
    return new Identity(issuer.given().orElseThrow(), subject.given().orElseThrow());
  }

  private StoredRepresentation current(Actor actor, Handle user) {
    return switch (identities.find(actor, user)) {
      case Outcome.Done<LinkedIdentity> found ->
          StoredRepresentation.of(IdentityJson.of(found.value()));
      case Outcome.Refused<LinkedIdentity> refused -> StoredRepresentation.of(Map.of());
    };
  }

  private void unlink(ApiCall call) {
    Problems.throwIfRefused(identities.unlink(call.actor(), call.handle("user")));
    call.noContent();
  }

  record IdentityJson(
      String issuer,
      String subject,
      Instant linkedAt,
      Optional<Instant> signedInAt,
      Unfollowed unfollowedGroups,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<EndedJson> ended) {

    /** The groups that have the user as a member at the identity provider, but not in Claviger. */
    record Unfollowed(boolean tooMany, List<String> named, int count) {}

    static IdentityJson of(LinkedIdentity linked) {
      return of(linked, Optional.empty());
    }

    /**
     * @param ended the credentials that ended when the identity was linked
     */
    static IdentityJson of(LinkedIdentity linked, Optional<EndedCredentials> ended) {
      return new IdentityJson(
          linked.identity().issuer().value(),
          linked.identity().subject().value(),
          linked.linkedAt(),
          linked.signedInAt(),
          new Unfollowed(
              linked.unfollowed().tooMany(),
              linked.unfollowed().named(),
              linked.unfollowed().count()),
          ended.map(EndedJson::of));
    }
  }
}
