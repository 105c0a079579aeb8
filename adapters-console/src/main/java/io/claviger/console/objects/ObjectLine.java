package io.claviger.console.objects;

import io.claviger.application.objects.port.StoredObjectStore.ListedObject;
import io.claviger.console.page.Links;
import io.claviger.console.page.ServiceAddress;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.objects.SharedObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A stored object, as a list shows it.
 *
 * @param service the viewer's name for the service; empty if the service no longer exists
 * @param servicePath the page of the service; null if the viewer must not know the service
 * @param holder the holder; empty if the object has none
 * @param maker the user whose call created the object; empty if the user was deleted
 * @param size the size; empty if the provider did not state it
 * @param madeAt when the object was created (ISO 8601)
 * @param usedAt when the object was last used (ISO 8601); null if it was never used
 * @param expiresAt when the object expires (ISO 8601); null if it does not expire
 * @param part whether the object is a part of another object, and is deleted together with the
 *     other object
 * @param deletion the page on which the viewer can delete the object; null if the viewer may not
 *     delete it
 * @param sharing the form that shares the object; null if the viewer can't share it
 */
public record ObjectLine(
    String service,
    @Nullable String servicePath,
    String kind,
    String id,
    String holder,
    String maker,
    String size,
    String madeAt,
    @Nullable String usedAt,
    @Nullable String expiresAt,
    boolean part,
    @Nullable String deletion,
    @Nullable String sharing) {
  private static final int UNIT = 1_024;

  /** Returns the line for an object that the viewer holds. */
  static ObjectLine own(ListedObject listed) {
    return line(
        listed,
        listed
            .service()
            .map(service -> DeleteObjectPages.ofOwn(service, listed.object().name()))
            .orElseGet(() -> DeleteObjectPages.ofOwn(listed.object().name())),
        null);
  }

  /** Returns the line for an object that a project of the viewer holds. */
  static ObjectLine ofProject(ListedObject listed) {
    return line(listed, null, null);
  }

  /** Returns the line for an object, as an owner of its service sees it. */
  static ObjectLine ofService(ListedObject listed, Handle viewer) {
    ObjectName name = listed.object().name();
    boolean shareable =
        SharedObject.isShareable(name.kind())
            && listed.holder().filter(holder -> !holder.equals(viewer.value())).isEmpty();
    Instance.Ref service = listed.service().orElseThrow();
    return line(
        listed,
        DeleteObjectPages.of(service, name),
        shareable ? SharedObjectForm.of(StoredObjectPages.of(service), name) : null);
  }

  private static ObjectLine line(
      ListedObject listed, @Nullable String deletion, @Nullable String sharing) {
    ProviderObject object = listed.object();
    return new ObjectLine(
        listed.serviceName().orElse(""),
        listed.service().map(ServiceAddress::path).orElse(null),
        kind(object.name().kind()),
        object.name().id(),
        listed.holder().orElse(""),
        listed.maker().map(Handle::value).orElse(""),
        size(object.bytes()),
        object.madeAt().toString(),
        listed.lastUsedAt().map(Object::toString).orElse(null),
        object.expiresAt().map(Object::toString).orElse(null),
        object.parent().isPresent(),
        deletion,
        sharing);
  }

  /** The name for one object of a kind, such as {@code vector store}. */
  static String kind(ObjectKind kind) {
    return switch (kind) {
      case FILES -> "file";
      case BATCHES -> "batch";
      case RESPONSES -> "response";
      case CONVERSATIONS -> "conversation";
      case VECTOR_STORES -> "vector store";
      case CONTAINERS -> "container";
      case CACHES -> "cache";
      case PROMPTS -> "prompt";
      case OTHER -> "other";
    };
  }

  private static String size(long bytes) {
    if (bytes < UNIT) {
      return bytes == 0 ? "" : bytes + (bytes == 1 ? " byte" : " bytes");
    }
    BigDecimal size = BigDecimal.valueOf(bytes);
    BigDecimal unit = BigDecimal.valueOf(UNIT);
    int power = 0;
    while (size.compareTo(unit) >= 0 && power < UNITS.length()) {
      size = size.divide(unit);
      power++;
    }
    return size.setScale(1, RoundingMode.HALF_UP) + " " + UNITS.charAt(power - 1) + "iB";
  }

  private static final String UNITS = "KMGTPE";

  /** Returns the address of a page, with a query that identifies an object. */
  static Links named(String path, ObjectName name) {
    return Links.to(path).with("kind", name.kind().wireName()).with("id", name.id());
  }
}
