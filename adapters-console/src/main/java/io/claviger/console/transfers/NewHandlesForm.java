package io.claviger.console.transfers;

import io.claviger.application.transfers.Transfers.NewHandles;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.TransferItem.Kind;
import io.claviger.web.server.Form;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the new handles that the receiver gives to the offered services and projects. */
final class NewHandlesForm {
  /**
   * The maximum number of services and projects of an offer for which the form always has a field.
   * For longer offers, the form has fields only for the services and projects whose handles the
   * receiver can't keep.
   */
  private static final int MOST = 25;

  private NewHandlesForm() {}

  /**
   * Returns the name of the field for the new handle of a service or project. If the use case
   * refuses a new handle, the JSON pointer of the fault ends with the name of this field.
   *
   * @param ref the reference of the service or project, such as {@code alice/chat}
   */
  static String field(Kind kind, String ref) {
    return kind.wireName() + "s/" + ref.replace("/", "~1");
  }

  /** Returns the name of the form's field to which the JSON pointer of a fault leads. */
  static String fieldOf(String pointer) {
    return pointer.replaceFirst("^/(handles/)?", "");
  }

  /**
   * Returns the services and projects that the form can rename: all of them if they are few,
   * otherwise those whose field has a fault or a value.
   */
  static List<TransferLine.Item> named(TransferLine transfer, FormState form) {
    return transfer.items().stream()
        .filter(
            item ->
                transfer.items().size() <= MOST
                    || form.error(item.field()) != null
                    || !form.value(item.field()).isEmpty())
        .toList();
  }

  static Set<String> fields(TransferLine transfer) {
    return transfer.items().stream()
        .flatMap(item -> Stream.of(item.field(), item.lends()))
        .collect(Collectors.toSet());
  }

  /**
   * Returns, for each project, the service that the receiver chose for the project. All members of
   * the project may use this service as soon as the offer is accepted.
   */
  static Map<Project.Ref, Instance.Ref> lends(Form form, TransferLine transfer) {
    Fields fields = new Fields(form);
    Map<Project.Ref, Instance.Ref> lends = new HashMap<>();
    for (TransferLine.Item item : transfer.items()) {
      fields
          .optional(item.lends(), Instance.Ref::of)
          .ifPresent(service -> lends.put(Project.Ref.of(item.ref()), service));
    }
    return fields.check(() -> lends);
  }

  static NewHandles of(Form form, TransferLine transfer) {
    Fields fields = new Fields(form);
    Map<Instance.Ref, Handle> services = new HashMap<>();
    Map<Project.Ref, Handle> projects = new HashMap<>();
    for (TransferLine.Item item : transfer.items()) {
      Optional<Handle> handle = fields.optional(item.field(), Handle::new);
      handle.ifPresent(
          wanted -> {
            switch (Kind.of(item.kind())) {
              case SERVICE -> services.put(Instance.Ref.of(item.ref()), wanted);
              case PROJECT -> projects.put(Project.Ref.of(item.ref()), wanted);
            }
          });
    }
    return fields.check(() -> new NewHandles(services, projects));
  }
}
