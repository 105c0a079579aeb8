package io.claviger.web.served;

import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.contract.ContractChecker;
import io.claviger.web.contract.Exchange;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.Map;

/** Calls the API with one access token, or none. Every response must conform to the contract. */
public final class Client {
  private static final ContractChecker CONTRACT = ContractChecker.ofServer();

  private final TestClient http;
  private final boolean inContract;

  Client(TestClient http) {
    this(http, true);
  }

  private Client(TestClient http, boolean inContract) {
    this.http = http;
    this.inContract = inContract;
  }

  /** Returns this client with one more header. */
  public Client with(String header, String value) {
    return new Client(http.with(header, value), inContract);
  }

  /** Creates a service of OpenAI at this path, and returns this client. */
  public Client owning(String path) {
    return owning(path, Map.of());
  }

  /**
   * Creates a service of OpenAI at this path, and returns this client.
   *
   * @param more what it has besides that of its definition
   */
  public Client owning(String path, Map<String, Object> more) {
    Map<String, Object> service = new HashMap<>(more);
    service.put("definition", "_system/openai-large");
    return having(path, service);
  }

  /** Creates the resource at the path, and returns this client. */
  public Client having(String path, Map<String, Object> fields) {
    put(path, fields).isStatus(201);
    return this;
  }

  /**
   * For calls that are no operation of the contract. Their errors must still be problems of the
   * contract.
   */
  public Client offContract() {
    return new Client(http, false);
  }

  public TestResponse get(String path) {
    return checked(http.get(path));
  }

  public TestResponse delete(String path) {
    return checked(http.delete(path));
  }

  public TestResponse put(String path, Object json) {
    return json("PUT", path, json);
  }

  public TestResponse post(String path, Object json) {
    return json("POST", path, json);
  }

  /** A POST without a body. */
  public TestResponse post(String path) {
    return send("POST", path, BodyPublishers.noBody());
  }

  public TestResponse patch(String path, Object json) {
    return json("PATCH", path, json);
  }

  /**
   * Sends JSON.
   *
   * @param json a JSON text, or a value that is written as JSON
   */
  public TestResponse json(String method, String path, Object json) {
    return checked(http.json(method, path, json));
  }

  /**
   * Sends a form.
   *
   * @param fields percent-encoded names and values
   */
  public TestResponse form(String path, String fields) {
    return checked(
        http.send(
            "POST",
            path,
            BodyPublishers.ofString(fields),
            "Content-Type",
            "application/x-www-form-urlencoded"));
  }

  public TestResponse send(String method, String path, BodyPublisher body) {
    return checked(http.send(method, path, body));
  }

  private TestResponse checked(TestResponse response) {
    Exchange exchange = Exchange.of(response.response());
    if (inContract) {
      CONTRACT.check(exchange);
    } else if (response.status() >= 400) {
      CONTRACT.checkProblem(exchange);
    }
    return response;
  }
}
