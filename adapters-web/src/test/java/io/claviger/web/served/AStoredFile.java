package io.claviger.web.served;

import io.claviger.application.objects.port.StoredObjectStore.ListedObject;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.ProviderObject;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A file that somebody stored with the key of the service {@code alice/x}. */
public record AStoredFile(
    UUID service, ObjectName name, UUID holder, String user, Optional<UUID> project) {
  private static final UUID NOBODY = new UUID(0, 0);

  public static AStoredFile of(UUID service, String id) {
    return new AStoredFile(
        service, new ObjectName(ObjectKind.FILES, id), NOBODY, "nobody", Optional.empty());
  }

  public AStoredFile heldBy(UUID id, String handle) {
    return new AStoredFile(service, name, id, handle, project);
  }

  /** Held by a project, through which the user made it. */
  public AStoredFile throughProject(UUID id) {
    return new AStoredFile(service, name, holder, user, Optional.of(id));
  }

  public AStoredFile ofKind(ObjectKind kind) {
    return new AStoredFile(service, new ObjectName(kind, name.id()), holder, user, project);
  }

  /**
   * The file in the ledger.
   *
   * @param place its place in the order of recording
   */
  public ListedObject at(long place) {
    return new ListedObject(
        place,
        Optional.of(new Instance.Ref(new Handle("alice"), new Handle("x"))),
        Optional.empty(),
        new ProviderObject(
            service,
            name,
            Optional.of(project.map(ObjectHolder::project).orElse(ObjectHolder.user(holder))),
            holder,
            Set.of(),
            Instant.parse("2026-01-01T00:00:00Z"),
            Optional.empty(),
            1_024,
            ObjectState.LIVE,
            Optional.empty(),
            Optional.empty()),
        Optional.of(project.map(id -> "alice/p").orElse(user)),
        Optional.of(new Handle(user)),
        Optional.empty());
  }
}
