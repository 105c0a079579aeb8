package io.claviger.web.transfers;

import io.claviger.application.transfers.Transfers.NewHandles;
import io.claviger.application.transfers.Transfers.TransferOffer;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.web.json.Json;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.server.Address;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads the bodies of offers and acceptances. */
final class TransferReader {
  /** The most names of one kind in an acceptance. */
  private static final int MOST = 100;

  private static final JsonConverter<Handle> NEW_HANDLE =
      JsonConverter.text(text -> new Instance.Ref(new Handle(text), new Handle(text)).handle());

  private TransferReader() {}

  /**
   * Reads an offer.
   *
   * @param caller the owner of services and projects that are named without an owner
   */
  static TransferOffer offer(JsonObject fields, Handle caller) {
    Field<List<Instance.Ref>> services =
        fields.value("services", JsonConverter.listOf(references(caller, Instance.Ref::of)));
    Field<List<Project.Ref>> projects =
        fields.value("projects", JsonConverter.listOf(references(caller, Project.Ref::of)));
    Field<Handle> to =
        fields.required("to", JsonConverter.text(Handle::new), "Name the user who gets it.");
    fields.rejectUnread();
    return new TransferOffer(
        services.or(List.of()), projects.or(List.of()), to.given().orElseThrow());
  }

  /**
   * What an acceptance says.
   *
   * @param lends the services that all members of projects may use from then on
   */
  record Acceptance(NewHandles handles, Map<Project.Ref, Instance.Ref> lends) {
    static final Acceptance NONE = new Acceptance(NewHandles.NONE, Map.of());

    Acceptance {
      lends = Map.copyOf(lends);
    }
  }

  /** Reads an acceptance. */
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

  /** Converts an object whose names are references. */
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
