package io.claviger.web.transfers;

import io.claviger.application.transfers.Transfers;
import io.claviger.application.transfers.Transfers.NewHandles;
import io.claviger.application.transfers.Transfers.TransferOffer;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.web.json.Body;
import io.claviger.web.json.Json;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** {@code /v1/transfers}. */
public final class TransferRoutes implements RouteGroup {
  private static final String TRANSFERS = "/v1/transfers";

  private final Transfers transfers;

  public TransferRoutes(Transfers transfers) {
    this.transfers = transfers;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(TRANSFERS).get(this::list, "limit", "cursor").post(this::offer);
    routes.at(TRANSFERS + "/{id}").get(this::show).delete(this::withdraw);
    routes.at(TRANSFERS + "/{id}/accept").post(this::accept);
    routes.at(TRANSFERS + "/{id}/decline").post(this::decline);
  }

  private void list(ApiCall call) {
    call.list(
        Problems.valueOf(transfers.list(call.actor(), call.page(CursorFormat.TIME))),
        CursorFormat.TIME,
        TransferJson::of);
  }

  private void offer(ApiCall call) {
    try (Body body = call.body()) {
      TransferOffer offer = TransferReader.offer(body.fields(), call.actor().handle());
      Transfer offered = Problems.valueOf(transfers.offer(call.actor(), offer));
      call.created(TRANSFERS + "/" + offered.id().value(), TransferJson.of(offered));
    }
  }

  private void show(ApiCall call) {
    call.ok(TransferJson.of(Problems.valueOf(transfers.find(call.actor(), id(call)))));
  }

  private void accept(ApiCall call) {
    TransferReader.Acceptance wanted =
        call.optionalBody(TransferReader::acceptance).orElse(TransferReader.Acceptance.NONE);
    call.ok(
        TransferJson.of(
            Problems.valueOf(
                transfers.accept(call.actor(), id(call), wanted.handles(), wanted.lends()))));
  }

  private void decline(ApiCall call) {
    call.emptyBody();
    call.ok(TransferJson.of(Problems.valueOf(transfers.decline(call.actor(), id(call)))));
  }

  private void withdraw(ApiCall call) {
    Problems.throwIfRefused(transfers.withdraw(call.actor(), id(call)));
    call.noContent();
  }

  private static Transfer.Id id(ApiCall call) {
    return new Transfer.Id(call.id("id"));
  }

  /**
   * A transfer as the API shows it.
   *
   * @param services the references of the offered services at the time of the offer
   * @param projects the references of the offered projects at the time of the offer
   * @param moved the new references of the accepted services and projects; empty unless the
   *     transfer was accepted
   */
  record TransferJson(
      UUID id,
      String state,
      String from,
      String to,
      Optional<String> offeredBy,
      List<String> services,
      List<String> projects,
      List<MovedJson> moved,
      Instant createdAt,
      Instant expiresAt,
      Optional<Instant> endedAt) {

    /**
     * An item that a transfer has moved to its receiver. The receiver can now find the item under
     * the reference {@code to}.
     */
    record MovedJson(String kind, String from, String to) {}

    static TransferJson of(Transfer transfer) {
      return new TransferJson(
          transfer.id().value(),
          transfer.state().wireName(),
          transfer.from().handle().value(),
          transfer.to().handle().value(),
          transfer.offeredBy().map(Handle::value),
          references(transfer, TransferItem.Kind.SERVICE),
          references(transfer, TransferItem.Kind.PROJECT),
          transfer.items().stream().flatMap(item -> moved(transfer, item).stream()).toList(),
          transfer.offeredAt(),
          transfer.expiresAt(),
          transfer.endedAt());
    }

    private static List<String> references(Transfer transfer, TransferItem.Kind kind) {
      return transfer.items().stream()
          .filter(item -> item.kind() == kind)
          .map(item -> transfer.from().handle() + "/" + item.handle())
          .toList();
    }

    private static Optional<MovedJson> moved(Transfer transfer, TransferItem item) {
      return item.newHandle()
          .map(
              handle ->
                  new MovedJson(
                      item.kind().wireName(),
                      transfer.from().handle() + "/" + item.handle(),
                      transfer.to().handle() + "/" + handle));
    }
  }

  /** Reads the bodies of requests that offer or accept a transfer. */
  private static final class TransferReader {
    /** The maximum number of services, and the maximum number of projects, in an acceptance. */
    private static final int MOST = 100;

    private static final JsonConverter<Handle> NEW_HANDLE =
        JsonConverter.text(text -> new Instance.Ref(new Handle(text), new Handle(text)).handle());

    private TransferReader() {}

    /**
     * Reads an offer.
     *
     * @param caller the owner of the services and projects that the body names without an owner
     */
    static TransferOffer offer(JsonObject fields, Handle caller) {
      Field<List<Instance.Ref>> services =
          fields.value("services", JsonConverter.listOf(references(caller, Instance.Ref::of)));
      Field<List<Project.Ref>> projects =
          fields.value("projects", JsonConverter.listOf(references(caller, Project.Ref::of)));
      Field<Handle> to =
          fields.required(
              "to", JsonConverter.text(Handle::new), "Name the user to whom you offer this.");
      fields.rejectUnread();
      return new TransferOffer(
          services.or(List.of()), projects.or(List.of()), to.given().orElseThrow());
    }

    /**
     * The receiver's request to accept a transfer.
     *
     * @param lends a map from each project to the service that all members of the project may use
     *     after the acceptance
     */
    record Acceptance(NewHandles handles, Map<Project.Ref, Instance.Ref> lends) {
      static final Acceptance NONE = new Acceptance(NewHandles.NONE, Map.of());

      Acceptance {
        lends = Map.copyOf(lends);
      }
    }

    static Acceptance acceptance(JsonObject fields) {
      Optional<JsonObject> handles = fields.nested("handles");
      Map<Instance.Ref, Handle> services =
          handles
              .flatMap(h -> h.value("services", map(Instance.Ref::of, NEW_HANDLE)).given())
              .orElse(Map.of());
      Map<Project.Ref, Handle> projects =
          handles
              .flatMap(h -> h.value("projects", map(Project.Ref::of, NEW_HANDLE)).given())
              .orElse(Map.of());
      handles.ifPresent(JsonObject::recordUnknownFields);
      Map<Project.Ref, Instance.Ref> lends =
          fields
              .value("lends", map(Project.Ref::of, JsonConverter.text(Instance.Ref::of)))
              .or(Map.of());
      fields.rejectUnread();
      return new Acceptance(new NewHandles(services, projects), lends);
    }

    private static <R> JsonConverter<R> references(Handle own, Function<String, R> make) {
      return JsonConverter.text(text -> make.apply(Address.completed(text, own)));
    }

    /** Converts an object in which the names of the members are references. */
    private static <R, V> JsonConverter<Map<R, V>> map(
        Function<String, R> make, JsonConverter<V> each) {
      return (json, location) -> {
        if (!(json instanceof Json.Members members)) {
          return location.wrongType(json, "an object");
        }
        if (members.byName().size() > MOST) {
          return location.fault("invalid_value", "at most 100 names");
        }
        Map<R, V> values = new HashMap<>();
        members
            .byName()
            .forEach(
                (name, value) ->
                    location
                        .at(name)
                        .attempt(() -> make.apply(name))
                        .ifPresent(
                            reference ->
                                each.read(value, location.at(name))
                                    .ifPresent(read -> values.put(reference, read))));
        return Optional.of(values);
      };
    }
  }
}
