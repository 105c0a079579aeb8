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
  /** The most handles of one kind in an acceptance. */
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

  /** Reads an acceptance. */
  static NewHandles handles(JsonObject fields) {
    Optional<JsonObject> handles = fields.nested("handles");
    Map<Instance.Ref, Handle> services =
        handles.flatMap(h -> h.value("services", map(Instance.Ref::of)).given()).orElse(Map.of());
    Map<Project.Ref, Handle> projects =
        handles.flatMap(h -> h.value("projects", map(Project.Ref::of)).given()).orElse(Map.of());
    handles.ifPresent(JsonObject::recordUnknownFields);
    fields.rejectUnread();
    return new NewHandles(services, projects);
  }

  private static <R> JsonConverter<R> references(Handle own, Function<String, R> make) {
    return JsonConverter.text(text -> make.apply(Address.completed(text, own)));
  }

  /** Converts an object whose names are references and whose values are handles. */
  private static <R> JsonConverter<Map<R, Handle>> map(Function<String, R> make) {
    return (json, location) -> {
      if (!(json instanceof Json.Members members)) {
        return location.wrongType(json, "an object");
      }
      if (members.byName().size() > MOST) {
        return location.fault("invalid_value", "at most 100 handles");
      }
      Map<R, Handle> handles = new HashMap<>();
      members
          .byName()
          .forEach(
              (name, value) ->
                  location
                      .at(name)
                      .attempt(() -> make.apply(name))
                      .ifPresent(
                          reference ->
                              NEW_HANDLE
                                  .read(value, location.at(name))
                                  .ifPresent(handle -> handles.put(reference, handle))));
      return Optional.of(handles);
    };
  }
}
