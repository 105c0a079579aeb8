package io.claviger.console;

import io.claviger.application.UseCases;
import io.claviger.console.accounts.AccountPages;
import io.claviger.console.accounts.LeavingPages;
import io.claviger.console.accounts.PeoplePages;
import io.claviger.console.accounts.PersonPages;
import io.claviger.console.accounts.TokenPages;
import io.claviger.console.audit.AuditPages;
import io.claviger.console.budgetreports.BudgetPages;
import io.claviger.console.gateway.ConnectPages;
import io.claviger.console.gateway.WhyPages;
import io.claviger.console.groups.GroupListPages;
import io.claviger.console.groups.GroupPages;
import io.claviger.console.home.HomePage;
import io.claviger.console.identity.IdentityPages;
import io.claviger.console.instances.DeletePages;
import io.claviger.console.instances.RegisterPages;
import io.claviger.console.instances.ServiceListPage;
import io.claviger.console.instances.ServicePage;
import io.claviger.console.instances.SettingsPages;
import io.claviger.console.limits.AssignedLimitsPages;
import io.claviger.console.models.ModelPages;
import io.claviger.console.operations.OperationsPage;
import io.claviger.console.page.Assets;
import io.claviger.console.page.Views;
import io.claviger.console.prices.PriceListPages;
import io.claviger.console.projects.ProjectListPage;
import io.claviger.console.requests.AskPages;
import io.claviger.console.requests.MutedPages;
import io.claviger.console.requests.RequestListPage;
import io.claviger.console.requests.RequestPages;
import io.claviger.console.sharing.LendPages;
import io.claviger.console.transfers.OfferPages;
import io.claviger.console.transfers.TransferPages;
import io.claviger.console.trusts.IssuerPages;
import io.claviger.console.trusts.TrustPages;
import io.claviger.console.usage.UsagePages;
import io.claviger.web.pages.PageSource;
import io.claviger.web.pages.Visitors;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.function.Supplier;

/** All pages of the console. */
public final class Console implements PageSource {
  @Override
  public List<String> styleSheets() {
    return List.of(Assets.FILES.url("pico.css"), Assets.FILES.url("console.css"));
  }

  @Override
  public void addTo(
      Routes routes, UseCases useCases, Visitors visitors, Supplier<String> gatewayUrl) {
    Views views = new Views(useCases.requestReferences());
    Assets.FILES.addTo(routes);
    new HomePage(useCases, views).addTo(routes, visitors);
    new ServiceListPage(useCases, views).addTo(routes, visitors);
    new RegisterPages(useCases, views).addTo(routes, visitors);
    new ServicePage(useCases, views).addTo(routes, visitors);
    new SettingsPages(useCases, views).addTo(routes, visitors);
    new DeletePages(useCases, views).addTo(routes, visitors);
    new ConnectPages(useCases, views, gatewayUrl).addTo(routes, visitors);
    new AccountPages(useCases, views).addTo(routes, visitors);
    new LendPages(useCases, views).addTo(routes, visitors);
    new PeoplePages(useCases, views).addTo(routes, visitors);
    new PersonPages(useCases, views).addTo(routes, visitors);
    new LeavingPages(useCases, views).addTo(routes, visitors);
    new TokenPages(useCases, views).addTo(routes, visitors);
    new IdentityPages(useCases, views).addTo(routes, visitors);
    new IssuerPages(useCases, views).addTo(routes, visitors);
    new TrustPages(useCases, views).addTo(routes, visitors);
    new AssignedLimitsPages(useCases, views).addTo(routes, visitors);
    new GroupListPages(useCases, views).addTo(routes, visitors);
    new GroupPages(useCases, views).addTo(routes, visitors);
    new TransferPages(useCases, views).addTo(routes, visitors);
    new OfferPages(useCases, views).addTo(routes, visitors);
    new ProjectListPage(useCases.projects(), views).addTo(routes, visitors);
    new AskPages(useCases, views).addTo(routes, visitors);
    new MutedPages(useCases.borrowRequests(), views).addTo(routes, visitors);
    new RequestListPage(useCases.borrowRequests(), views).addTo(routes, visitors);
    new RequestPages(useCases.borrowRequests(), views).addTo(routes, visitors);
    new WhyPages(useCases, views).addTo(routes, visitors);
    new PriceListPages(useCases, views).addTo(routes, visitors);
    new ModelPages(useCases, views).addTo(routes, visitors);
    new AuditPages(useCases, views).addTo(routes, visitors);
    new BudgetPages(useCases, views).addTo(routes, visitors);
    new UsagePages(useCases, views).addTo(routes, visitors);
    new OperationsPage(useCases.operations(), views).addTo(routes, visitors);
  }
}
