package io.claviger.console.definitions;

import io.claviger.application.definitions.Definitions;
import io.claviger.application.definitions.Definitions.DefinitionCommand;
import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.Precondition;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fact;
import io.claviger.console.page.FieldInputs;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.SharesToEnd;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionPermissions;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists the definitions that the viewer may see. On the page of a definition, the owner of the
 * definition changes, shares and deletes it.
 */
public final class DefinitionPages implements ConsolePage {
  private static final String PATH = Area.DEFINITIONS.path();
  private static final String ONE = PATH + "/{owner}/{handle}";
  private static final String HANDLE = "handle";
  private static final String GRANTEE = "grantee";

  private final Definitions definitions;
  private final Views views;

  public DefinitionPages(Definitions definitions, Views views) {
    this.definitions = definitions;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(routes, PATH, visitors, this::list, this::create);
    visitors.addPage(routes, ONE, this::show, this::change);
    routes.pageAt(ONE + "/share").openPost(visitors.signedIn(this::share));
    routes.pageAt(ONE + "/unshare").openPost(visitors.signedIn(this::unshare));
    routes.pageAt(ONE + "/delete").openPost(visitors.signedIn(this::delete));
  }

  private static String pathOf(Definition.Ref definition) {
    return PATH + "/" + definition;
  }

  private static DefinitionCommand command(FieldWrites writes) {
    return new DefinitionCommand(
        new DefinitionWrite(writes),
        writes.get(DefinitionFields.PUBLIC),
        writes.get(CommonFields.APPLIED_BY));
  }

  private void create(Visit visit) {
    Submission.of(
        visit,
        FieldInputs.names(DefinitionFields.ALL, HANDLE),
        form -> {
          Fields fields = new Fields(form);
          Actor actor = visit.signedIn().actor();
          Optional<Handle> handle =
              fields.required(
                  HANDLE, "Name the definition. Services refer to it by this name.", Handle::new);
          DefinitionCommand command = command(FieldInputs.read(fields, DefinitionFields.ALL));
          Definition.Ref ref =
              new Definition.Ref(actor.handle(), fields.check(handle::orElseThrow));
          return pathOf(
              Problems.valueOf(definitions.put(actor, ref, Precondition.CREATE_ONLY, command))
                  .definition()
                  .ref());
        },
        (problem, sent) ->
            list(
                visit,
                problem.status(),
                problem.status() == Difference.PRECONDITION_FAILED
                    ? sent.with(HANDLE, "You have a definition of this name.")
                    : sent.with(problem)));
  }

  private void list(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    Page<Definition, Definition.Ref> page =
        Problems.valueOf(
            definitions.list(
                actor,
                new DefinitionFilter(Optional.empty(), Optional.empty(), Optional.empty()),
                Paging.asked(visit, CursorFormat.DEFINITION)));
    views.show(
        visit,
        status,
        Area.DEFINITIONS,
        "Definitions",
        "definitions",
        new DefinitionListView(
            page.items().stream().map(definition -> line(actor, definition)).toList(),
            Paging.next(page, CursorFormat.DEFINITION, Links.to(PATH)),
            form));
  }

  private static DefinitionListView.Line line(Actor actor, Definition definition) {
    return new DefinitionListView.Line(
        pathOf(definition.ref()),
        definition.ref().toString(),
        definition.fields().provider().wireName(),
        definition.fields().model().value(),
        definition.fields().endpoint().url(),
        definition.isSystemLevel() || definition.isPublic()
            ? "everybody"
            : definition.owner().equals(actor.id())
                ? "you and whom you share it with"
                : "its owner and whom they share it with");
  }

  private void show(Visit visit) {
    Definition definition = find(visit);
    show(visit, definition, EditForm.of(shown(definition)), FormState.EMPTY);
  }

  private void change(Visit visit) {
    Definition.Ref ref = ref(visit);
    Submission.of(
        visit,
        FieldInputs.names(DefinitionFields.ALL, Versions.FIELD),
        form -> {
          Fields fields = new Fields(form);
          DefinitionCommand command =
              command(FieldInputs.changes(fields, find(visit).values(), DefinitionFields.ALL));
          Problems.throwIfRefused(
              definitions.patch(
                  visit.signedIn().actor(),
                  ref,
                  Versions.demandedBy(form),
                  fields.check(() -> command)));
          return pathOf(ref);
        },
        (problem, sent) -> {
          Definition definition = find(visit);
          EditForm refused = EditForm.refused(problem, sent, "definition", shown(definition));
          show(visit, definition, refused, FormState.EMPTY);
        });
  }

  private void share(Visit visit) {
    submitGrantee(
        visit,
        (form, grantee) ->
            Problems.throwIfRefused(
                definitions.share(
                    visit.signedIn().actor(), ref(visit), grantee, Precondition.NONE)));
  }

  private void unshare(Visit visit) {
    Actor actor = visit.signedIn().actor();
    SharesToEnd.Shared shares =
        new SharesToEnd.Shared(
            (name, unchanged) -> definitions.endShare(actor, ref(visit), name, unchanged),
            name -> definitions.findShare(actor, ref(visit), name));
    submitGrantee(
        visit,
        (form, grantee) ->
            SharesToEnd.end(
                shares, grantee, Versions.unchanged(form.value(Versions.FIELD).orElse(""))));
  }

  @FunctionalInterface
  private interface OfGrantee {
    void act(Form form, GranteeName grantee);
  }

  private void submitGrantee(Visit visit, OfGrantee what) {
    Submission.of(
        visit,
        Set.of(GRANTEE),
        form -> {
          Fields fields = new Fields(form);
          Optional<GranteeName> grantee =
              fields.required(
                  GRANTEE,
                  "Enter the handle of a user, or of a group with an @ before it.",
                  GranteeName::of);
          what.act(form, fields.check(grantee::orElseThrow));
          return pathOf(ref(visit)) + "#shares";
        },
        (problem, sent) -> {
          Definition definition = find(visit);
          show(
              visit,
              definition,
              new EditForm(problem.status(), FormState.of(shown(definition)), List.of()),
              sent.with(problem, DefinitionPages::fieldOf));
        });
  }

  /**
   * Returns the name of the form's field to which the JSON pointer of a fault leads. The field of
   * the receiver has different names in the form and in the API, where it is called {@code user}.
   */
  private static String fieldOf(String pointer) {
    String name = FormState.fieldOf(pointer);
    return name.equals("user") ? GRANTEE : name;
  }

  private void delete(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Problems.throwIfRefused(
              definitions.delete(visit.signedIn().actor(), ref(visit), Versions.demandedBy(form)));
          return PATH;
        },
        (problem, sent) -> {
          Definition definition = find(visit);
          show(
              visit,
              definition,
              new EditForm(
                  problem.status(), FormState.of(shown(definition)).with(problem), List.of()),
              FormState.EMPTY);
        });
  }

  private static Map<String, String> shown(Definition definition) {
    Map<String, String> shown =
        new LinkedHashMap<>(FieldInputs.shown(definition.values(), changeable(definition)));
    shown.put(Versions.FIELD, Long.toString(definition.version()));
    return shown;
  }

  /** Definitions of {@code _system} can't be made public, because everybody sees them already. */
  private static List<ScalarField<?>> changeable(Definition definition) {
    return DefinitionFields.ALL.stream()
        .filter(field -> !definition.isSystemLevel() || field != DefinitionFields.PUBLIC)
        .toList();
  }

  private Definition find(Visit visit) {
    return Problems.valueOf(definitions.find(visit.signedIn().actor(), ref(visit)));
  }

  private static Definition.Ref ref(Visit visit) {
    return Definition.Ref.of(visit.pathParam("owner") + "/" + visit.pathParam(HANDLE));
  }

  private void show(Visit visit, Definition definition, EditForm change, FormState sharing) {
    Actor actor = visit.signedIn().actor();
    boolean administrator = actor.administrator();
    boolean mayWrite =
        actor.mayManage()
            && DefinitionPermissions.mayWrite(definition.owner(), actor.id(), administrator);
    boolean mayDelete =
        actor.mayManage()
            && DefinitionPermissions.mayDelete(definition.owner(), actor.id(), administrator);
    boolean owns = definition.owner().equals(actor.id()) && actor.mayManage();
    Page<Share, GranteeName> shares =
        owns
            ? Problems.valueOf(
                definitions.listShares(
                    actor, definition.ref(), Paging.asked(visit, CursorFormat.GRANTEE)))
            : Page.whole(List.of());
    String path = pathOf(definition.ref());
    views.show(
        visit,
        change.status(),
        Area.DEFINITIONS,
        "Definition " + definition.ref(),
        "definition",
        new DefinitionView(
            path,
            Fact.of(definition.values(), DefinitionFields.ALL),
            mayWrite ? changeable(definition) : List.of(),
            change.form(),
            change.differing(),
            mayDelete ? Long.toString(definition.version()) : null,
            owns
                ? shares.items().stream()
                    .map(
                        share ->
                            new SharesToEnd.Chosen(
                                share.grantee().name().toString(), Long.toString(share.version())))
                    .toList()
                : null,
            Paging.next(shares, CursorFormat.GRANTEE, Links.to(path)),
            sharing));
  }

  /**
   * The list of the definitions that the viewer may see.
   *
   * @param next the address of the next page; null on the last page
   * @param form the form with which a definition is created
   */
  public record DefinitionListView(List<Line> lines, @Nullable String next, FormState form) {
    public DefinitionListView {
      lines = List.copyOf(lines);
    }

    /**
     * A definition.
     *
     * @param seenBy who sees the definition, in words
     */
    public record Line(
        String path, String ref, String provider, String model, String endpoint, String seenBy) {}
  }

  /**
   * One definition.
   *
   * @param fields the fields that the viewer may change
   * @param differing the fields that somebody else changed while the form was open
   * @param version the version of the definition for the form that deletes it; null if the viewer
   *     may not delete it
   * @param sharedWith the users with whom the definition is shared; null if the viewer is not the
   *     owner
   * @param next the address of the next page of shares; null on the last page
   * @param sharing the form with which the definition is shared
   */
  public record DefinitionView(
      String path,
      List<Fact> facts,
      List<ScalarField<?>> fields,
      FormState form,
      List<Difference> differing,
      @Nullable String version,
      @Nullable List<SharesToEnd.Chosen> sharedWith,
      @Nullable String next,
      FormState sharing) {
    public DefinitionView {
      facts = List.copyOf(facts);
      fields = List.copyOf(fields);
      differing = List.copyOf(differing);
    }
  }
}
