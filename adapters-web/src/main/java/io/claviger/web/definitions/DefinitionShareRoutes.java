package io.claviger.web.definitions;

import io.claviger.application.definitions.Definitions;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import io.claviger.web.sharing.GranteeFields;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code /v1/llm-definitions/{owner}/{handle}/shares}: the users with whom a definition is shared.
 */
public final class DefinitionShareRoutes implements RouteGroup {
  private static final String SHARES = "/v1/llm-definitions/{owner}/{handle}/shares";

  private static final JsonConverter<Role> ROLE =
      JsonConverter.text(name -> Role.upTo(Role.READER, name));

  private final Definitions definitions;

  public DefinitionShareRoutes(Definitions definitions) {
    this.definitions = definitions;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(SHARES).get(this::list, "limit", "cursor");
    routes.at(SHARES + "/{user}").resource(this::show, this::share, this::change, this::end);
  }

  private void list(ApiCall call) {
    Definition.Ref ref = call.definition();
    PageRequest<GranteeName> page = call.page(CursorFormat.GRANTEE);
    call.list(
        Problems.valueOf(definitions.listShares(call.actor(), ref, page)),
        CursorFormat.GRANTEE,
        DefinitionShareJson::of);
  }

  private void show(ApiCall call) {
    Share found =
        Problems.valueOf(definitions.findShare(call.actor(), call.definition(), call.grantee()));
    call.shown(DefinitionShareJson.of(found), found.version());
  }

  private void share(ApiCall call) {
    Definition.Ref ref = call.definition();
    GranteeName grantee = call.writtenGrantee();
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      fields.required("role", ROLE, "Give reader, the only role of such shares.");
      Precondition precondition = done(call, fields, ref, grantee);
      GivenShare shared =
          Problems.valueOf(definitions.share(call.actor(), ref, grantee, precondition));
      call.written(shared.created(), DefinitionShareJson.of(shared.share()));
    }
  }

  private void change(ApiCall call) {
    Definition.Ref ref = call.definition();
    GranteeName grantee = call.grantee();
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      fields.value("role", ROLE);
      Precondition precondition = done(call, fields, ref, grantee);
      GivenShare changed =
          Problems.valueOf(definitions.changeShare(call.actor(), ref, grantee, precondition));
      call.ok(DefinitionShareJson.of(changed.share()));
    }
  }

  private Precondition done(
      ApiCall call, JsonObject fields, Definition.Ref ref, GranteeName grantee) {
    return call.done(
        fields,
        GranteeFields.READ_ONLY,
        () ->
            CurrentState.of(
                definitions.findShare(call.actor(), ref, grantee),
                DefinitionShareJson::of,
                Share::version,
                GranteeFields.of(grantee)));
  }

  private void end(ApiCall call) {
    Problems.throwIfRefused(
        definitions.endShare(call.actor(), call.definition(), call.grantee(), call.precondition()));
    call.noContent();
  }

  /**
   * A share of a definition as the API shows it. A share of a definition has only a role, and no
   * limits.
   */
  record DefinitionShareJson(
      Optional<String> user,
      String grantee,
      String role,
      Optional<String> givenBy,
      long version,
      Instant createdAt) {

    static DefinitionShareJson of(Share share) {
      return new DefinitionShareJson(
          share.grantee().user().map(Handle::value),
          share.grantee().name().toString(),
          share.terms().role().wireName(),
          share.givenBy().map(Handle::value),
          share.version(),
          share.createdAt());
    }
  }
}
