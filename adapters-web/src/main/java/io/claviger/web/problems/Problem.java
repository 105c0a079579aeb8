package io.claviger.web.problems;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.Fault;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.web.json.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A problem (RFC 9457) as the answer to a request.
 *
 * @param code a stable, machine-readable code for the problem
 * @param detail a text that tells the caller what to do; it never repeats a value from the request
 * @param faults the faults of each field in the request; empty if the input is not the problem
 * @param headers additional headers of the answer, such as {@code Allow}
 * @param missing the terms that the caller needs from a share so that the request succeeds; empty
 *     if no share would help
 * @param forSdks whether the body also has the detail where the SDKs of providers look for it
 */
public record Problem(
    int status,
    String code,
    String detail,
    List<Fault> faults,
    Map<String, String> headers,
    Optional<MissingTerms> missing,
    Optional<Refusal.Waiting> waiting,
    boolean forSdks) {
  public static final String MEDIA_TYPE = "application/problem+json";

  public Problem {
    faults = List.copyOf(faults);
    headers = Map.copyOf(headers);
  }

  public Problem(
      int status, String code, String detail, List<Fault> faults, Map<String, String> headers) {
    this(status, code, detail, faults, headers, Optional.empty(), Optional.empty(), false);
  }

  public Problem(int status, String code, String detail) {
    this(status, code, detail, List.of(), Map.of());
  }

  public Problem with(String header, String value) {
    return new Problem(
        status, code, detail, faults, Map.of(header, value), missing, waiting, forSdks);
  }

  /** Returns this problem with the terms that the caller needs from a share. */
  public Problem lacking(Optional<MissingTerms> terms) {
    return new Problem(status, code, detail, faults, headers, terms, waiting, forSdks);
  }

  /**
   * Returns this answer with the change that waits for consent. An answer with such a change does
   * not report a problem, and its body has a different form.
   */
  public Problem waiting(Refusal.Waiting what) {
    return new Problem(status, code, detail, faults, headers, missing, Optional.of(what), forSdks);
  }

  /** Returns this problem, whose detail the SDKs of providers print too. */
  public Problem toldToSdks() {
    return new Problem(status, code, detail, faults, headers, missing, waiting, true);
  }

  /** Returns the JSON body of the answer. */
  public byte[] json(String requestId) {
    return json(requestId, Optional.empty());
  }

  /**
   * Returns the JSON body of the answer.
   *
   * @param requestUrl the address of the page on which the caller can request the missing terms;
   *     empty if there is none
   */
  public byte[] json(String requestId, Optional<String> requestUrl) {
    return JsonWriter.bytes(
        new Wire(
            "urn:claviger:problem:" + code,
            Titles.of(status),
            status,
            detail,
            requestId,
            faults,
            requestUrl,
            Optional.of(new SdkError(detail)).filter(error -> forSdks)));
  }

  private record Wire(
      String type,
      String title,
      int status,
      String detail,
      String instance,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Fault> errors,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<String> requestUrl,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<SdkError> error) {}

  /** The member of errors of model providers that their SDKs print. */
  private record SdkError(String message) {}

  /** The standard names of HTTP statuses (RFC 9110, 15 and RFC 6585). */
  private static final class Titles {
    private Titles() {}

    static String of(int status) {
      return switch (status) {
        case 400 -> "Bad Request";
        case 401 -> "Unauthorized";
        case 403 -> "Forbidden";
        case 404 -> "Not Found";
        case 405 -> "Method Not Allowed";
        case 408 -> "Request Timeout";
        case 409 -> "Conflict";
        case 412 -> "Precondition Failed";
        case 413 -> "Content Too Large";
        case 414 -> "URI Too Long";
        case 415 -> "Unsupported Media Type";
        case 417 -> "Expectation Failed";
        case 422 -> "Unprocessable Content";
        case 426 -> "Upgrade Required";
        case 429 -> "Too Many Requests";
        case 431 -> "Request Header Fields Too Large";
        case 501 -> "Not Implemented";
        case 503 -> "Service Unavailable";
        case 505 -> "HTTP Version Not Supported";
        default -> status < 500 ? "Request Failed" : "Internal Server Error";
      };
    }
  }
}
