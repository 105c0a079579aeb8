package io.claviger.console.objects;

import io.claviger.application.instances.Instances;
import io.claviger.application.objects.ServiceObjects;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.Optional;
import java.util.Set;

/** Deletes a stored object after the viewer has confirmed. */
public final class DeleteObjectPages implements ConsolePage {
  private static final String OWN_PATH = OwnObjectPage.PATH + "/delete";
  private static final String KIND = "kind";
  private static final String ID = "id";
  private static final String OWN = "own";

  private final Instances instances;
  private final ServiceObjects objects;
  private final Views views;

  public DeleteObjectPages(Instances instances, ServiceObjects objects, Views views) {
    this.instances = instances;
    this.objects = objects;
    this.views = views;
  }

  /** Returns the address of the page on which an owner of the service deletes an object. */
  static String of(Instance.Ref service, ObjectName name) {
    return ObjectLine.named(StoredObjectPages.of(service) + "/delete", name).toString();
  }

  /**
   * Returns the address of the page on which users delete their own objects. The page also works if
   * a user does not know the service that stores the object.
   */
  static String ofOwn(ObjectName name) {
    return ObjectLine.named(OWN_PATH, name).toString();
  }

  /** The page on which users delete objects that they hold. */
  static String ofOwn(Instance.Ref service, ObjectName name) {
    return ObjectLine.named(StoredObjectPages.of(service) + "/delete", name)
        .with(OWN, "yes")
        .toString();
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, StoredObjectPages.PATTERN + "/delete", this::ask, this::delete);
    visitors.addPage(routes, OWN_PATH, this::askOwn, this::deleteOwn);
  }

  private void askOwn(Visit visit) {
    showOwn(visit, 200, FormState.asked(visit, Set.of(KIND, ID)));
  }

  private void deleteOwn(Visit visit) {
    Submission.of(
        visit,
        Set.of(KIND, ID),
        form -> {
          Problems.throwIfRefused(objects.deleteOwn(visit.signedIn().actor(), name(form)));
          return OwnObjectPage.PATH;
        },
        this::showOwn);
  }

  private void ask(Visit visit) {
    show(visit, 200, FormState.asked(visit, Set.of(KIND, ID, OWN)));
  }

  private void delete(Visit visit) {
    Submission.of(
        visit,
        Set.of(KIND, ID, OWN),
        form -> {
          Problems.throwIfRefused(
              objects.delete(visit.signedIn().actor(), ServiceAddress.of(visit), name(form)));
          return back(visit, form.value(OWN).isPresent());
        },
        this::show);
  }

  private void show(Visit visit, int status, FormState form) {
    ObjectName name = name(form.value(KIND), form.value(ID));
    boolean own = form.has(OWN);
    // For the holder of the object, the service is not looked up: the holder might no longer have
    // the share through which they could see the service.
    Instance.Ref service = own ? ServiceAddress.of(visit) : seen(visit);
    show(
        visit,
        status,
        own ? Area.ACCOUNT : Area.SERVICES,
        new ObjectDeleteView(
            StoredObjectPages.of(service) + "/delete",
            service.toString(),
            ObjectLine.kind(name.kind()),
            name.kind().wireName(),
            name.id(),
            own,
            back(visit, own),
            form));
  }

  private void showOwn(Visit visit, int status, FormState form) {
    ObjectName name = name(form.value(KIND), form.value(ID));
    show(
        visit,
        status,
        Area.ACCOUNT,
        new ObjectDeleteView(
            OWN_PATH,
            "",
            ObjectLine.kind(name.kind()),
            name.kind().wireName(),
            name.id(),
            false,
            OwnObjectPage.PATH,
            form));
  }

  private void show(Visit visit, int status, Area area, ObjectDeleteView view) {
    views.show(
        visit, status, area, "Delete the " + view.what() + " " + view.id(), "objectDelete", view);
  }

  private Instance.Ref seen(Visit visit) {
    return Problems.valueOf(instances.find(visit.signedIn().actor(), ServiceAddress.of(visit)))
        .instance()
        .ref();
  }

  private static String back(Visit visit, boolean own) {
    return own ? OwnObjectPage.PATH : StoredObjectPages.of(ServiceAddress.of(visit));
  }

  private static ObjectName name(Form form) {
    return name(form.value(KIND).orElse(""), form.value(ID).orElse(""));
  }

  private static ObjectName name(String kind, String id) {
    return Optional.of(id)
        .filter(ObjectName::isId)
        .flatMap(known -> ObjectKind.named(kind).map(of -> new ObjectName(of, known)))
        .orElseThrow(() -> new ProblemException(Problems.NOT_FOUND));
  }

  /**
   * The page that asks whether an object should be deleted.
   *
   * @param service the service; empty if the viewer must not know the service
   * @param what the kind of the object, in words
   * @param own whether the viewer came from the list of their own objects and knows the service
   * @param back the address of the page from which the viewer came
   */
  public record ObjectDeleteView(
      String path,
      String service,
      String what,
      String kind,
      String id,
      boolean own,
      String back,
      FormState form) {}
}
