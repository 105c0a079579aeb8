package io.claviger.web.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.usage.ReportedUsage;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.web.server.Csv;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The usage of one month, as a file with the columns of FOCUS 1.2. The file has one row for each
 * item of {@code /v1/usage} that counts at least one request. The names of columns outside of FOCUS
 * begin with {@code x_}.
 *
 * <p>FOCUS requires a cost in each row. A row without a price has the cost 0; {@code
 * x_UnpricedRequests} then says for how many requests the cost is unknown.
 */
final class FocusFile {
  /** The text in the model column if no model is known. For example, file uploads have no model. */
  private static final String NO_MODEL = "requests";

  private static final Map<String, Function<ReportedUsage, String>> COLUMNS = columns();

  private FocusFile() {}

  /**
   * @param filter a filter with the first and the last day of the month
   */
  static Iterator<byte[]> of(UsageReports reports, Actor actor, UsageFilter filter) {
    return new Csv.OfList<ReportedUsage, UsagePosition>(
        List.copyOf(COLUMNS.keySet()),
        page -> reports.list(actor, filter, page),
        usage -> Optional.of(usage).filter(FocusFile::hasRequests).map(FocusFile::row));
  }

  private static boolean hasRequests(ReportedUsage usage) {
    return usage.counts().requests() > 0;
  }

  private static List<String> row(ReportedUsage usage) {
    return COLUMNS.values().stream().map(column -> column.apply(usage)).toList();
  }

  private static Map<String, Function<ReportedUsage, String>> columns() {
    Map<String, Function<ReportedUsage, String>> columns = new LinkedHashMap<>();
    columns.put("BilledCost", FocusFile::cost);
    columns.put("BillingAccountId", FocusFile::owner);
    columns.put("BillingAccountName", FocusFile::owner);
    columns.put("BillingCurrency", usage -> "USD");
    columns.put("BillingPeriodEnd", usage -> begin(month(usage).plusMonths(1)));
    columns.put("BillingPeriodStart", usage -> begin(month(usage)));
    columns.put("ChargeCategory", usage -> "Usage");
    columns.put("ChargeClass", usage -> "");
    columns.put(
        "ChargeDescription",
        usage -> "Use of " + sku(usage) + " on " + service(usage) + " by " + caller(usage));
    columns.put("ChargeFrequency", usage -> "Usage-Based");
    columns.put("ChargePeriodEnd", usage -> begin(usage.day().plusDays(1)));
    columns.put("ChargePeriodStart", usage -> begin(usage.day()));
    columns.put("ConsumedQuantity", FocusFile::quantity);
    columns.put("ConsumedUnit", FocusFile::unit);
    columns.put("ContractedCost", FocusFile::cost);
    columns.put("EffectiveCost", FocusFile::cost);
    columns.put("InvoiceIssuerName", FocusFile::owner);
    columns.put("ListCost", FocusFile::cost);
    columns.put("PricingQuantity", FocusFile::quantity);
    columns.put("PricingUnit", FocusFile::unit);
    columns.put("ProviderName", usage -> "Claviger");
    columns.put("PublisherName", usage -> "Claviger");
    columns.put("ResourceId", FocusFile::service);
    columns.put("ResourceName", FocusFile::service);
    columns.put("ResourceType", usage -> "LLM service");
    columns.put("ServiceCategory", usage -> "AI and Machine Learning");
    columns.put("ServiceName", usage -> "LLM services");
    columns.put("ServiceSubcategory", usage -> "Generative AI");
    columns.put("SkuId", FocusFile::sku);
    columns.put("SkuMeter", FocusFile::unit);
    columns.put("SubAccountId", FocusFile::caller);
    columns.put("SubAccountName", FocusFile::caller);
    columns.put("x_AnsweredModel", usage -> usage.model().answered().name());
    columns.put("x_CachedInputTokens", number(counts -> counts.parts().cachedInput()));
    columns.put("x_DisputedCost", dollars(counts -> counts.disputed().cost()));
    columns.put("x_DisputedTokens", number(counts -> counts.disputed().tokens()));
    columns.put("x_EstimatedCost", dollars(counts -> counts.cost().estimated()));
    columns.put("x_EstimatedRequests", number(counts -> counts.estimated().requests()));
    columns.put("x_InputTokens", number(UsageCounts::inputTokens));
    columns.put("x_KeySource", usage -> usage.source().map(KeySource::wireName).orElse(""));
    columns.put("x_OutputTokens", number(UsageCounts::outputTokens));
    columns.put(
        "x_PriceVersion",
        usage -> usage.prices().forService() > 0 ? Long.toString(usage.prices().forService()) : "");
    columns.put(
        "x_Project", usage -> usage.account().project().map(p -> p.ref().toString()).orElse(""));
    columns.put("x_Requests", number(UsageCounts::requests));
    columns.put("x_ServiceTier", usage -> usage.model().unusualTier());
    columns.put("x_UnpricedRequests", number(UsageCounts::unpricedRequests));
    return columns;
  }

  private static Function<ReportedUsage, String> number(ToLongFunction<UsageCounts> count) {
    return usage -> Long.toString(count.applyAsLong(usage.counts()));
  }

  private static Function<ReportedUsage, String> dollars(ToLongFunction<UsageCounts> nanoDollars) {
    return usage -> BudgetUnit.USD.text(nanoDollars.applyAsLong(usage.counts()));
  }

  private static String cost(ReportedUsage usage) {
    return dollars(counts -> counts.cost().cost()).apply(usage);
  }

  private static String owner(ReportedUsage usage) {
    return usage.account().ref().owner().value();
  }

  private static String service(ReportedUsage usage) {
    return usage.account().ref().toString();
  }

  private static String caller(ReportedUsage usage) {
    return usage.account().handle().value();
  }

  private static String sku(ReportedUsage usage) {
    UsageModel model = usage.model().called();
    return model.isKnown() ? model.name() : NO_MODEL;
  }

  private static BigInteger tokens(ReportedUsage usage) {
    return BigInteger.valueOf(usage.counts().inputTokens())
        .add(BigInteger.valueOf(usage.counts().outputTokens()));
  }

  /**
   * Returns the number of tokens. If no tokens were used, as by models that generate images,
   * returns the number of requests.
   */
  private static String quantity(ReportedUsage usage) {
    return tokens(usage).signum() > 0
        ? tokens(usage).toString()
        : Long.toString(usage.counts().requests());
  }

  private static String unit(ReportedUsage usage) {
    return tokens(usage).signum() > 0 ? "Tokens" : "Requests";
  }

  private static LocalDate month(ReportedUsage usage) {
    return usage.day().withDayOfMonth(1);
  }

  private static String begin(LocalDate day) {
    return day + "T00:00:00Z";
  }
}
