package io.claviger.console.objects;

import io.claviger.application.objects.ServiceObjects;
import io.claviger.application.objects.port.StoredObjectStore.Lent;
import io.claviger.application.objects.port.StoredObjectStore.Terms;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.ServiceAddress;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.objects.SharedObject.Access;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.web.pages.Visit;
import io.claviger.web.problems.Problems;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The form that lends borrowers an object in the provider's account. The query of the page's
 * address can fill in the form.
 */
final class SharedObjectForm {
  private static final String KIND = "shared_kind";
  private static final String ID = "shared_id";
  private static final String ACCESS = "access";
  private static final String BORROWERS = "borrowers";
  static final Set<String> FIELDS = Set.of(KIND, ID, ACCESS, BORROWERS);

  private SharedObjectForm() {}

  /** The address of the form for an object that is not shared yet. */
  static String of(String path, ObjectName name) {
    return link(path, name).toString() + "#share";
  }

  /**
   * The address of the form for an object that is shared already, with the present values filled
   * in.
   */
  static String of(String path, Lent lent) {
    return link(path, lent.name())
            .with(ACCESS, lent.access().wireName())
            .with(BORROWERS, names(lent))
            .toString()
        + "#share";
  }

  private static Links link(String path, ObjectName name) {
    return Links.to(path).with(KIND, name.kind().wireName()).with(ID, name.id());
  }

  /**
   * The users and groups with whom an object is shared; empty if it is shared with all borrowers.
   */
  static String names(Lent lent) {
    return lent.borrowers().stream()
        .flatMap(Set::stream)
        .sorted()
        .map(GranteeName::toString)
        .collect(Collectors.joining(", "));
  }

  static FormState asked(Visit visit) {
    return FormState.asked(visit, FIELDS);
  }

  static void share(ServiceObjects objects, Visit visit, Fields fields) {
    Optional<ObjectKind> kind = fields.required(KIND, "Choose what it is.", SharedObjectForm::kind);
    Optional<String> id = fields.required(ID, "Enter the provider's id.", SharedObjectForm::id);
    Optional<Access> access = fields.optional(ACCESS, Access::of);
    Optional<Set<GranteeName>> borrowers = fields.optional(BORROWERS, SharedObjectForm::borrowers);
    ObjectName name = fields.check(() -> new ObjectName(kind.orElseThrow(), id.orElseThrow()));
    Problems.throwIfRefused(
        objects.share(
            visit.signedIn().actor(),
            ServiceAddress.of(visit),
            name,
            new Terms(access.orElse(Access.REFER), borrowers, Field.absent())));
  }

  static void unshare(ServiceObjects objects, Visit visit, Fields fields) {
    Optional<ObjectKind> kind = fields.required(KIND, "Choose what it is.", SharedObjectForm::kind);
    Optional<String> id = fields.required(ID, "Enter the provider's id.", SharedObjectForm::id);
    Problems.throwIfRefused(
        objects.unshare(
            visit.signedIn().actor(),
            ServiceAddress.of(visit),
            fields.check(() -> new ObjectName(kind.orElseThrow(), id.orElseThrow()))));
  }

  private static ObjectKind kind(String name) {
    return ObjectKind.named(name)
        .filter(SharedObject::isShareable)
        .orElseThrow(() -> new InvalidValue(KIND, String.join(", ", SharedObject.KINDS)));
  }

  /** In Google's ids, the collection precedes the id of an object: {@code files/abc}. */
  private static String id(String text) {
    return new ObjectName(ObjectKind.FILES, text.substring(text.lastIndexOf('/') + 1)).id();
  }

  private static Set<GranteeName> borrowers(String text) {
    Set<GranteeName> names =
        Stream.of(text.split("[,;\\s]+"))
            .filter(name -> !name.isEmpty())
            .map(GranteeName::of)
            .collect(Collectors.toUnmodifiableSet());
    if (names.isEmpty() || names.size() > SharedObject.MOST_BORROWERS) {
      throw new InvalidValue(BORROWERS, "1 to 200 users and groups, or nothing for all borrowers");
    }
    return names;
  }
}
