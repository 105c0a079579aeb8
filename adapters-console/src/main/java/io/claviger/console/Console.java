package io.claviger.console;

import io.claviger.console.accounts.AccountPages;
import io.claviger.console.accounts.AccountReader;
import io.claviger.console.accounts.LeavingPages;
import io.claviger.console.accounts.PeoplePages;
import io.claviger.console.accounts.PersonPages;
import io.claviger.console.accounts.TokenPages;
import io.claviger.console.approvals.ApprovalPages;
import io.claviger.console.audit.AuditPages;
import io.claviger.console.audit.KeyAgePage;
import io.claviger.console.bills.BillPages;
import io.claviger.console.bills.BillingPages;
import io.claviger.console.budgetreports.BudgetPages;
import io.claviger.console.budgetreports.BudgetTrialPages;
import io.claviger.console.budgetreports.RaisePages;
import io.claviger.console.capacity.CapacityPage;
import io.claviger.console.connections.ConnectionPages;
import io.claviger.console.definitions.DefinitionPages;
import io.claviger.console.gateway.ConnectPages;
import io.claviger.console.gateway.WhyPages;
import io.claviger.console.groups.GroupListPages;
import io.claviger.console.groups.GroupMemberPage;
import io.claviger.console.groups.GroupPages;
import io.claviger.console.home.HomePage;
import io.claviger.console.identity.IdentityPages;
import io.claviger.console.instances.AttributionPage;
import io.claviger.console.instances.CredentialPages;
import io.claviger.console.instances.DeletePages;
import io.claviger.console.instances.RegisterPages;
import io.claviger.console.instances.ServiceActivityPage;
import io.claviger.console.instances.ServiceKeyPage;
import io.claviger.console.instances.ServiceListPage;
import io.claviger.console.instances.ServicePage;
import io.claviger.console.instances.ServicePeoplePage;
import io.claviger.console.instances.SettingsPages;
import io.claviger.console.limits.AssignedLimitsPages;
import io.claviger.console.models.CatalogueEntryPage;
import io.claviger.console.models.DeletedModelPages;
import io.claviger.console.models.ModelPages;
import io.claviger.console.models.NewModelPage;
import io.claviger.console.objects.ComparisonPage;
import io.claviger.console.objects.DeleteObjectPages;
import io.claviger.console.objects.OwnObjectPage;
import io.claviger.console.objects.ProjectObjectPage;
import io.claviger.console.objects.StoredObjectPages;
import io.claviger.console.operations.OperationsPage;
import io.claviger.console.page.Area;
import io.claviger.console.page.Assets;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.SuggestionPages;
import io.claviger.console.page.Suggestions;
import io.claviger.console.page.Views;
import io.claviger.console.prices.PriceListPages;
import io.claviger.console.projects.DeleteProjectPage;
import io.claviger.console.projects.LeaveProjectPage;
import io.claviger.console.projects.NewProjectPage;
import io.claviger.console.projects.ProjectListPage;
import io.claviger.console.projects.ProjectPage;
import io.claviger.console.projects.ProjectPeoplePage;
import io.claviger.console.providers.ProviderListPages;
import io.claviger.console.requests.AskPages;
import io.claviger.console.requests.MutedPages;
import io.claviger.console.requests.RequestListPage;
import io.claviger.console.requests.RequestPages;
import io.claviger.console.retention.RetentionPage;
import io.claviger.console.reviews.ReviewPages;
import io.claviger.console.scim.ScimPages;
import io.claviger.console.search.SearchPage;
import io.claviger.console.sharing.AccessOnDayPage;
import io.claviger.console.sharing.LendPages;
import io.claviger.console.transfers.FormerReferencePages;
import io.claviger.console.transfers.OfferPages;
import io.claviger.console.transfers.TransferPages;
import io.claviger.console.trusts.IssuerPages;
import io.claviger.console.trusts.TrustPages;
import io.claviger.console.usage.RefusalPage;
import io.claviger.console.usage.UsagePages;
import io.claviger.console.webhooks.WebhookPages;
import io.claviger.web.pages.Pages;
import io.claviger.web.pages.Visitors;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;

public final class Console implements RouteGroup {
  /**
   * The classes of the console, of its pages, and of the objects that several pages use. Each class
   * is instantiated with its only constructor. The constructors take use cases, settings and
   * instances of other classes in this list.
   */
  public static final List<Class<?>> FEATURES =
      List.of(
          Console.class,
          Views.class,
          Suggestions.class,
          SuggestionPages.class,
          AccountReader.class,
          HomePage.class,
          SearchPage.class,
          ServiceListPage.class,
          RegisterPages.class,
          ServicePage.class,
          ServiceKeyPage.class,
          ServicePeoplePage.class,
          ServiceActivityPage.class,
          SettingsPages.class,
          CredentialPages.class,
          DeletePages.class,
          AttributionPage.class,
          BillingPages.class,
          StoredObjectPages.class,
          DeleteObjectPages.class,
          ComparisonPage.class,
          OwnObjectPage.class,
          ProjectObjectPage.class,
          ConnectPages.class,
          AccountPages.class,
          LendPages.class,
          PeoplePages.class,
          PersonPages.class,
          LeavingPages.class,
          TokenPages.class,
          IdentityPages.class,
          IssuerPages.class,
          ScimPages.class,
          TrustPages.class,
          AssignedLimitsPages.class,
          GroupListPages.class,
          GroupPages.class,
          GroupMemberPage.class,
          TransferPages.class,
          ApprovalPages.class,
          ReviewPages.class,
          OfferPages.class,
          FormerReferencePages.class,
          ProjectListPage.class,
          ProjectPage.class,
          ProjectPeoplePage.class,
          NewProjectPage.class,
          DeleteProjectPage.class,
          LeaveProjectPage.class,
          AskPages.class,
          MutedPages.class,
          RequestListPage.class,
          RequestPages.class,
          WhyPages.class,
          PriceListPages.class,
          ProviderListPages.class,
          BillPages.class,
          CapacityPage.class,
          ConnectionPages.class,
          ModelPages.class,
          CatalogueEntryPage.class,
          NewModelPage.class,
          DeletedModelPages.class,
          DefinitionPages.class,
          AuditPages.class,
          KeyAgePage.class,
          AccessOnDayPage.class,
          BudgetPages.class,
          RaisePages.class,
          BudgetTrialPages.class,
          WebhookPages.class,
          UsagePages.class,
          RefusalPage.class,
          OperationsPage.class,
          RetentionPage.class);

  private final List<ConsolePage> pages;
  private final Visitors visitors;

  public Console(List<ConsolePage> pages, Visitors visitors) {
    this.pages = List.copyOf(pages);
    this.visitors = visitors;
  }

  /** Returns the frame around pages that have no template, such as the pages for signing in. */
  public static Pages.PageFrame frame() {
    return new Pages.PageFrame(
        List.of(Assets.FILES.url("console.css")),
        Assets.FILES.url("mark.svg"),
        administrator ->
            Area.offeredTo(administrator).stream()
                .map(
                    group ->
                        new Pages.NavigationGroup(
                            group.label(),
                            group.areas().stream()
                                .map(area -> new Pages.NavigationLink(area.label(), area.path()))
                                .toList()))
                .toList());
  }

  @Override
  public void addTo(Routes routes) {
    Assets.FILES.addTo(routes);
    pages.forEach(page -> page.addTo(routes, visitors));
  }
}
