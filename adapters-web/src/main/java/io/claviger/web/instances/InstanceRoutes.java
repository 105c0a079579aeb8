package io.claviger.web.instances;

import io.claviger.application.instances.DeleteInstance;
import io.claviger.application.instances.FindInstances;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.InstancesModule;
import io.claviger.application.instances.WriteInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.policy.Roles;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.function.Supplier;

/** {@code /v1/llm-services}, but for what hangs on one service. */
public final class InstanceRoutes {
  private static final int LONGEST_SEARCH = 200;

  private final FindInstances find;
  private final WriteInstance write;
  private final DeleteInstance delete;
  private final Supplier<String> gateway;

  /**
   * @param gateway what {@code gateway_url} begins with, without a trailing slash
   */
  public InstanceRoutes(InstancesModule instances, Supplier<String> gateway) {
    this.find = instances.findInstances();
    this.write = instances.writeInstance();
    this.delete = instances.deleteInstance();
    this.gateway = gateway;
  }

  public void addTo(Routes routes) {
    routes
        .at("/v1/llm-services/{user}")
        .get(this::list, "limit", "cursor", "provider", "owner", "role", "enabled", "q");
    routes.at("/v1/llm-services/_by-id/{uuid}").get(this::showById);
    routes
        .at("/v1/llm-services/{owner}/{handle}")
        .get(this::show)
        .put(this::put)
        .patch(this::patch)
        .delete(this::delete);
  }

  private void list(ApiCall call) {
    Handle user = call.handle("user");
    var filter =
        new FindInstances.Filter(
            call.query().value("provider", Provider::of),
            call.query().value("owner", Handle::new),
            call.query().value("role", Roles::of),
            call.query().flag("enabled"),
            call.query().value("q", InstanceRoutes::search));
    PageRequest<InstanceRef> page = call.page(CursorFormat.INSTANCE);
    switch (find.usableBy(call.actor(), user, filter, page)) {
      case FindInstances.ListOutcome.Listed listed ->
          call.list(listed.page(), CursorFormat.INSTANCE, this::json);
      case FindInstances.ListOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void showById(ApiCall call) {
    show(call, find.find(call.actor(), new InstanceId(call.id("uuid"))));
  }

  private void show(ApiCall call) {
    show(call, find.find(call.actor(), call.service()));
  }

  private void show(ApiCall call, FindInstances.Outcome outcome) {
    switch (outcome) {
      case FindInstances.Outcome.Found found ->
          call.shown(json(found.view()), found.view().instance().version());
      case FindInstances.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void put(ApiCall call) {
    write(call, new InstanceRef(call.writtenHandle("owner"), call.newHandle("handle")), write::put);
  }

  private void patch(ApiCall call) {
    write(call, call.service(), write::patch);
  }

  private void write(ApiCall call, InstanceRef ref, Write how) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      WriteInstance.Command command = InstanceReader.command(fields, call.actor().handle());
      Precondition precondition =
          call.done(fields, InstanceReader.READ_ONLY, () -> current(call.actor(), ref));
      switch (how.write(call.actor(), ref, precondition, command)) {
        case WriteInstance.Outcome.Written written ->
            call.written(
                written.created(),
                new WrittenInstanceJson(json(written.view()), written.userKeysRemoved()));
        case WriteInstance.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private CurrentState current(Actor actor, InstanceRef ref) {
    return switch (find.find(actor, ref)) {
      case FindInstances.Outcome.Found found ->
          CurrentState.of(json(found.view()), found.view().instance().version());
      case FindInstances.Outcome.Refused refused ->
          CurrentState.nothing(Address.of(ref.owner(), ref.handle()));
    };
  }

  private void delete(ApiCall call) {
    switch (delete.delete(call.actor(), call.service(), call.precondition())) {
      case DeleteInstance.Outcome.Deleted deleted -> call.noContent();
      case DeleteInstance.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private InstanceJson json(InstanceView view) {
    return InstanceJson.of(view, gateway.get());
  }

  private static String search(String text) {
    if (text.isEmpty() || text.length() > LONGEST_SEARCH) {
      throw new InvalidValue("q", "1 to 200 characters");
    }
    return text;
  }

  @FunctionalInterface
  private interface Write {
    WriteInstance.Outcome write(
        Actor actor, InstanceRef ref, Precondition precondition, WriteInstance.Command command);
  }
}
