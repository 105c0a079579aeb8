package io.claviger.web.definitions;

import io.claviger.application.definitions.DefinitionsModule;
import io.claviger.application.definitions.ShareDefinition;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.sharing.Role;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.policy.Roles;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import io.claviger.web.sharing.GrantJson;
import io.claviger.web.sharing.Grantee;

/** {@code /v1/llm-definitions/{owner}/{handle}/shares}: who was given the sight of a definition. */
public final class DefinitionShareRoutes {
  private static final String SHARES = "/v1/llm-definitions/{owner}/{handle}/shares";

  private final ShareDefinition sight;

  public DefinitionShareRoutes(DefinitionsModule definitions) {
    this.sight = definitions.shareDefinition();
  }

  public void addTo(Routes routes) {
    routes.at(SHARES).get(this::list, "limit", "cursor");
    routes.at(SHARES + "/{user}").get(this::show).put(this::share).delete(this::end);
  }

  private void list(ApiCall call) {
    DefinitionRef ref = ref(call);
    PageRequest<Handle> page = call.page(CursorFormat.HANDLE);
    switch (sight.list(call.actor(), ref, page)) {
      case ShareDefinition.ListOutcome.Listed listed ->
          call.list(listed.page(), CursorFormat.HANDLE, GrantJson::of);
      case ShareDefinition.ListOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void show(ApiCall call) {
    switch (sight.find(call.actor(), ref(call), call.handle("user"))) {
      case ShareDefinition.Outcome.Shared found ->
          call.shown(GrantJson.of(found.share()), found.share().version());
      case ShareDefinition.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void share(ApiCall call) {
    DefinitionRef ref = ref(call);
    Handle user = call.writtenHandle("user");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      fields.required(
          "role",
          JsonConverter.text(name -> Roles.upTo(Role.READER, name)),
          "Give reader: sight only.");
      Precondition precondition =
          call.done(fields, Grantee.READ_ONLY, () -> current(call.actor(), ref, user));
      switch (sight.share(call.actor(), ref, user, precondition)) {
        case ShareDefinition.Outcome.Shared shared ->
            call.written(shared.created(), GrantJson.of(shared.share()));
        case ShareDefinition.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private CurrentState current(Actor actor, DefinitionRef ref, Handle user) {
    return switch (sight.find(actor, ref, user)) {
      case ShareDefinition.Outcome.Shared found ->
          CurrentState.of(GrantJson.of(found.share()), found.share().version());
      case ShareDefinition.Outcome.Refused refused -> CurrentState.nothing(Grantee.of(user));
    };
  }

  private void end(ApiCall call) {
    switch (sight.end(call.actor(), ref(call), call.handle("user"), call.precondition())) {
      case ShareDefinition.EndOutcome.Ended ended -> call.noContent();
      case ShareDefinition.EndOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private static DefinitionRef ref(ApiCall call) {
    return new DefinitionRef(call.handle("owner"), call.ownedHandle("handle"));
  }
}
