package io.claviger.web.definitions;

import io.claviger.application.definitions.DefinitionsModule;
import io.claviger.application.definitions.DeleteDefinition;
import io.claviger.application.definitions.FindDefinitions;
import io.claviger.application.definitions.WriteDefinition;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.definitions.Provider;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;

/** {@code /v1/llm-definitions}. */
public final class DefinitionRoutes {
  private final FindDefinitions find;
  private final WriteDefinition write;
  private final DeleteDefinition delete;

  public DefinitionRoutes(DefinitionsModule definitions) {
    this.find = definitions.findDefinitions();
    this.write = definitions.writeDefinition();
    this.delete = definitions.deleteDefinition();
  }

  public void addTo(Routes routes) {
    routes
        .at("/v1/llm-definitions")
        .get(this::listAll, "limit", "cursor", "provider", "api_standard", "owner");
    routes.at("/v1/llm-definitions/{owner}").get(this::listOfOwner, "limit", "cursor");
    routes
        .at("/v1/llm-definitions/{owner}/{handle}")
        .get(this::show)
        .put(this::put)
        .patch(this::patch)
        .delete(this::delete);
  }

  private void listAll(ApiCall call) {
    var filter =
        new FindDefinitions.Filter(
            call.query().value("provider", Provider::of),
            call.query().value("api_standard", Handle::new),
            call.query().value("owner", Handle::new));
    PageRequest<DefinitionRef> page = call.page(CursorFormat.DEFINITION);
    list(call, find.list(call.actor(), filter, page));
  }

  private void listOfOwner(ApiCall call) {
    Handle owner = call.handle("owner");
    list(call, find.ofOwner(call.actor(), owner, call.page(CursorFormat.DEFINITION)));
  }

  private static void list(ApiCall call, FindDefinitions.ListOutcome outcome) {
    switch (outcome) {
      case FindDefinitions.ListOutcome.Listed listed ->
          call.list(listed.page(), CursorFormat.DEFINITION, DefinitionJson::of);
      case FindDefinitions.ListOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void show(ApiCall call) {
    switch (find.find(call.actor(), ref(call))) {
      case FindDefinitions.Outcome.Found found ->
          call.shown(DefinitionJson.of(found.definition()), found.definition().version());
      case FindDefinitions.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void put(ApiCall call) {
    write(
        call, new DefinitionRef(call.writtenHandle("owner"), call.newHandle("handle")), write::put);
  }

  private void patch(ApiCall call) {
    write(call, ref(call), write::patch);
  }

  private void write(ApiCall call, DefinitionRef ref, Write how) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      WriteDefinition.Command command = DefinitionReader.command(fields);
      Precondition precondition =
          call.done(fields, DefinitionReader.READ_ONLY, () -> current(call.actor(), ref));
      switch (how.write(call.actor(), ref, precondition, command)) {
        case WriteDefinition.Outcome.Written written ->
            call.written(written.created(), DefinitionJson.of(written.definition()));
        case WriteDefinition.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private CurrentState current(Actor actor, DefinitionRef ref) {
    return switch (find.find(actor, ref)) {
      case FindDefinitions.Outcome.Found found ->
          CurrentState.of(DefinitionJson.of(found.definition()), found.definition().version());
      case FindDefinitions.Outcome.Refused refused ->
          CurrentState.nothing(Address.of(ref.owner(), ref.handle()));
    };
  }

  private void delete(ApiCall call) {
    switch (delete.delete(call.actor(), ref(call), call.precondition())) {
      case DeleteDefinition.Outcome.Deleted deleted -> call.noContent();
      case DeleteDefinition.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private static DefinitionRef ref(ApiCall call) {
    return new DefinitionRef(call.handle("owner"), call.ownedHandle("handle"));
  }

  @FunctionalInterface
  private interface Write {
    WriteDefinition.Outcome write(
        Actor actor, DefinitionRef ref, Precondition precondition, WriteDefinition.Command command);
  }
}
