package io.claviger.web.definitions;

import io.claviger.application.definitions.Definitions;
import io.claviger.application.definitions.Definitions.DefinitionCommand;
import io.claviger.application.definitions.Definitions.WrittenDefinition;
import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.web.json.Body;
import io.claviger.web.json.DhampsNames;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.ResourceJson;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /v1/llm-definitions}. */
public final class DefinitionRoutes implements RouteGroup {
  private static final ResourceJson<Definition> JSON = json();

  private final Definitions definitions;

  public DefinitionRoutes(Definitions definitions) {
    this.definitions = definitions;
  }

  private static ResourceJson<Definition> json() {
    ResourceJson<Definition> json =
        new ResourceJson<Definition>()
            .readOnly("id", definition -> definition.id().value())
            .readOnly("owner", definition -> definition.ref().owner().value())
            .readOnly("handle", definition -> definition.ref().handle().value())
            .readOnly("ref", definition -> definition.ref().toString());
    DefinitionFields.ALL.forEach(field -> json.field(field, Definition::values));
    return json.versioned(Definition::version, Definition::createdAt, Definition::updatedAt);
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/llm-definitions")
        .get(
            this::listAll,
            "limit",
            "cursor",
            "provider",
            "api_standard",
            "owner",
            DhampsNames.PARAMETER);
    routes
        .at("/v1/llm-definitions/{owner}")
        .get(this::listOfOwner, "limit", "cursor", DhampsNames.PARAMETER);
    routes
        .at("/v1/llm-definitions/{owner}/{handle}")
        .get(this::show, DhampsNames.PARAMETER)
        .put(this::put, DhampsNames.PARAMETER)
        .patch(this::patch, DhampsNames.PARAMETER)
        .delete(this::delete);
  }

  private void listAll(ApiCall call) {
    var filter =
        new DefinitionFilter(
            call.query().value("provider", Provider::of),
            call.query().value("api_standard", Handle::new),
            call.query().value("owner", Handle::new));
    Function<Definition, Map<String, @Nullable Object>> shown = shown(call);
    PageRequest<Definition.Ref> page = call.page(CursorFormat.DEFINITION);
    list(call, shown, definitions.list(call.actor(), filter, page));
  }

  private void listOfOwner(ApiCall call) {
    Handle owner = call.handle("owner");
    Function<Definition, Map<String, @Nullable Object>> shown = shown(call);
    PageRequest<Definition.Ref> page = call.page(CursorFormat.DEFINITION);
    list(call, shown, definitions.listOfOwner(call.actor(), owner, page));
  }

  private static void list(
      ApiCall call,
      Function<Definition, Map<String, @Nullable Object>> shown,
      Outcome<Page<Definition, Definition.Ref>> outcome) {
    call.list(Problems.valueOf(outcome), CursorFormat.DEFINITION, shown);
  }

  /**
   * Returns the function that converts a definition into JSON. If the caller requests the field
   * names of dhamps-vdb, the JSON also contains the fields under these names.
   */
  private static Function<Definition, Map<String, @Nullable Object>> shown(ApiCall call) {
    return call.query().value(DhampsNames.PARAMETER, DhampsNames::wanted).orElse(false)
        ? definition -> DhampsNames.OF_DEFINITIONS.addTo(JSON.of(definition))
        : JSON::of;
  }

  private void show(ApiCall call) {
    Definition found = Problems.valueOf(definitions.find(call.actor(), call.definition()));
    Object answer = shown(call).apply(found);
    call.query().rejectUnread();
    call.shown(answer, found.version());
  }

  private void put(ApiCall call) {
    write(
        call,
        new Definition.Ref(call.writtenHandle("owner"), call.newHandle("handle")),
        definitions::put);
  }

  private void patch(ApiCall call) {
    write(call, call.definition(), definitions::patch);
  }

  private void write(ApiCall call, Definition.Ref ref, Write how) {
    Function<Definition, Map<String, @Nullable Object>> shown = shown(call);
    call.query().rejectUnread();
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      DhampsNames.OF_DEFINITIONS.allowIn(fields);
      FieldWrites writes = fields.fields(DefinitionFields.ALL);
      DefinitionCommand command =
          new DefinitionCommand(
              new DefinitionWrite(writes),
              writes.get(DefinitionFields.PUBLIC),
              writes.get(CommonFields.APPLIED_BY));
      Precondition precondition =
          call.done(fields, JSON.readOnly(), () -> current(call.actor(), ref));
      WrittenDefinition written =
          Problems.valueOf(how.write(call.actor(), ref, precondition, command));
      call.written(written.created(), shown.apply(written.definition()));
    }
  }

  private CurrentState current(Actor actor, Definition.Ref ref) {
    return CurrentState.of(
        definitions.find(actor, ref),
        JSON::of,
        Definition::version,
        Address.of(ref.owner(), ref.handle()));
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(
        definitions.delete(call.actor(), call.definition(), call.precondition()));
    call.noContent();
  }

  @FunctionalInterface
  private interface Write {
    Outcome<WrittenDefinition> write(
        Actor actor, Definition.Ref ref, Precondition precondition, DefinitionCommand command);
  }
}
