package io.claviger.domain.standards;

import io.claviger.domain.InvalidValue;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The name of a response header that is returned to the caller, in lower case. A header is listed
 * by its full name. Patterns are not allowed, because a pattern could cover a header that names the
 * account that pays at the provider.
 *
 * <p>The headers of {@link WithheldHeaders} can't be listed.
 */
public record ResponseHeader(String value) {
  /** The maximum number of headers that an API standard lists. */
  static final int MOST = 100;

  private static final Pattern RATES =
      Pattern.compile(
          "rate-?limit|token-?limit|call-limit|[rt]pm-limit|quota|credit|spend|budget|balance"
              + "|x-codex-(?:primary|secondary|active)|utilization");

  private static final Pattern SHAPE = Pattern.compile("[a-z0-9!#$%&'+.^_`|~-]{1,100}");

  /**
   * The usual headers: headers that providers' SDKs and coding agents read, and headers that help
   * to find the cause of an error. None of these headers names an account, describes an account's
   * content, or controls a cache or a proxy.
   */
  static final List<ResponseHeader> USUAL =
      Stream.of(
              "content-type",
              "content-language",
              "date",
              "retry-after",
              "retry-after-ms",
              "x-should-retry",
              "x-ratelimit-limit",
              "x-ratelimit-remaining",
              "x-ratelimit-reset",
              "x-ratelimit-limit-requests",
              "x-ratelimit-remaining-requests",
              "x-ratelimit-reset-requests",
              "x-ratelimit-limit-tokens",
              "x-ratelimit-remaining-tokens",
              "x-ratelimit-reset-tokens",
              "x-ratelimit-limit-requests-day",
              "x-ratelimit-remaining-requests-day",
              "x-ratelimit-reset-requests-day",
              "x-ratelimit-limit-tokens-minute",
              "x-ratelimit-remaining-tokens-minute",
              "x-ratelimit-reset-tokens-minute",
              "x-ratelimit-limit-req-minute",
              "x-ratelimit-remaining-req-minute",
              "x-ratelimit-limit-tokens-month",
              "x-ratelimit-remaining-tokens-month",
              "x-ratelimit-tokens-query-cost",
              "anthropic-ratelimit-requests-limit",
              "anthropic-ratelimit-requests-remaining",
              "anthropic-ratelimit-requests-reset",
              "anthropic-ratelimit-tokens-limit",
              "anthropic-ratelimit-tokens-remaining",
              "anthropic-ratelimit-tokens-reset",
              "anthropic-ratelimit-input-tokens-limit",
              "anthropic-ratelimit-input-tokens-remaining",
              "anthropic-ratelimit-input-tokens-reset",
              "anthropic-ratelimit-output-tokens-limit",
              "anthropic-ratelimit-output-tokens-remaining",
              "anthropic-ratelimit-output-tokens-reset",
              "anthropic-ratelimit-unified-status",
              "anthropic-ratelimit-unified-reset",
              "anthropic-ratelimit-unified-representative-claim",
              "anthropic-ratelimit-unified-fallback",
              "anthropic-ratelimit-unified-5h-status",
              "anthropic-ratelimit-unified-5h-reset",
              "anthropic-ratelimit-unified-5h-utilization",
              "anthropic-ratelimit-unified-7d-status",
              "anthropic-ratelimit-unified-7d-reset",
              "anthropic-ratelimit-unified-7d-utilization",
              "anthropic-beta",
              "openai-processing-ms",
              "openai-version",
              "openai-model",
              "x-api-warning",
              "num_chars",
              "num_tokens",
              "x-endpoint-monthly-call-limit",
              "x-trial-endpoint-call-limit",
              "x-codex-primary-used-percent",
              "x-codex-primary-window-minutes",
              "x-codex-primary-reset-at",
              "x-codex-primary-reset-after-seconds",
              "x-codex-secondary-used-percent",
              "x-codex-secondary-window-minutes",
              "x-codex-secondary-reset-at",
              "x-codex-secondary-reset-after-seconds",
              "x-codex-active-limit",
              "x-codex-turn-state",
              "x-models-etag",
              "x-reasoning-included",
              "apim-request-id",
              "x-ms-region",
              "x-ms-rai-invoked",
              "x-ms-deployment-name",
              "x-ms-served-model",
              "x-ms-client-request-id",
              "x-ms-retry-after-ms",
              "x-envoy-upstream-service-time",
              "server-timing")
          .map(ResponseHeader::new)
          .toList();

  public ResponseHeader {
    if (!mayPass(value)) {
      throw new InvalidValue(
          "response_headers",
          "header names in lower case without asterisks, but no headers about cookies, redirects,"
              + " connections, caches, cross-origin rules, forwarding, accounts or the gateway");
    }
  }

  private static boolean mayPass(String value) {
    return SHAPE.matcher(value).matches() && !WithheldHeaders.withholds(value);
  }

  /**
   * Returns the headers of a stored list. Lists from earlier versions of Claviger can contain names
   * with an asterisk, which match only usual headers. Names that are no longer allowed are ignored.
   *
   * @return at most {@link #MOST} headers
   */
  public static List<ResponseHeader> ofStored(List<String> names) {
    List<ResponseHeader> meant =
        names.stream().flatMap(ResponseHeader::meantBy).distinct().limit(MOST).toList();
    // The usual list is returned as the same object, because callers compare lists by identity
    // first.
    return meant.equals(USUAL) ? USUAL : meant;
  }

  private static Stream<ResponseHeader> meantBy(String name) {
    int star = name.indexOf('*');
    if (star < 0) {
      return mayPass(name) ? Stream.of(new ResponseHeader(name)) : Stream.empty();
    }
    String beginning = name.substring(0, star);
    String ending = name.substring(star + 1);
    return USUAL.stream()
        .filter(usual -> usual.value.length() >= name.length() - 1)
        .filter(usual -> usual.value.startsWith(beginning) && usual.value.endsWith(ending));
  }

  /**
   * Whether the header says how much of an account's rate limits or credit is used or left. A
   * header about limits or credit would tell one user of the account how much the other users use
   * the account.
   */
  public boolean tellsRates() {
    return RATES.matcher(value).find();
  }
}
