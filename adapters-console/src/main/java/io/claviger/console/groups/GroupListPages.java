package io.claviger.console.groups;

import io.claviger.application.groups.GroupView;
import io.claviger.application.groups.Groups;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.SearchText;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.FieldInputs;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupAction;
import io.claviger.domain.groups.GroupPermissions;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

public final class GroupListPages implements ConsolePage {
  private static final String PATH = "/console/groups";
  private final Groups groups;
  private final Views views;

  public GroupListPages(Groups groups, Views views) {
    this.groups = groups;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(routes, PATH, visitors, this::show, this::create);
  }

  private void create(Visit visit) {
    Submission.of(
        visit,
        FieldInputs.names(Group.FIELDS, "handle"),
        form -> create(visit, new Fields(form)),
        (problem, sent) ->
            show(
                visit,
                problem.status(),
                problem.status() == Difference.PRECONDITION_FAILED
                    ? sent.with("handle", "There is a group of this name.")
                    : sent.with(problem)));
  }

  private String create(Visit visit, Fields fields) {
    Optional<Handle> handle =
        fields.required(
            "handle",
            "Give the group a handle, which others use to share with the group.",
            Handle::new);
    FieldWrites writes = FieldInputs.read(fields, Group.FIELDS);
    var created =
        Problems.valueOf(
            this.groups.put(
                visit.signedIn().actor(),
                fields.check(handle::orElseThrow),
                Precondition.CREATE_ONLY,
                writes));
    return GroupLine.of(created.view()).path();
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    Optional<SearchText> text = Paging.searched(visit);
    Page<GroupView, Handle> page =
        Problems.valueOf(this.groups.list(actor, text, Paging.asked(visit, CursorFormat.HANDLE)));
    String search = Paging.typed(visit);
    views.show(
        visit,
        status,
        Area.GROUPS,
        "Groups",
        "groups",
        new GroupListView(
            page.items().stream().map(GroupLine::of).toList(),
            search,
            Paging.next(page, CursorFormat.HANDLE, Links.to(PATH).with(Paging.SEARCH, search)),
            GroupPermissions.allows(actor.administrator(), Optional.empty(), GroupAction.CREATE),
            form));
  }

  /**
   * The list of groups.
   *
   * @param search the search text; empty if there was no search
   * @param next the address of the next page; null on the last page
   * @param mayCreate whether the viewer may create groups
   */
  public record GroupListView(
      List<GroupLine> groups,
      String search,
      @Nullable String next,
      boolean mayCreate,
      FormState form) {
    public GroupListView {
      groups = List.copyOf(groups);
    }
  }
}
