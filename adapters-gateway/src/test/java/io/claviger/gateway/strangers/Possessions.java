package io.claviger.gateway.strangers;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a borrower stores at the provider, and then uses, all of which they may. */
final class Possessions {
  /** Sends a request that has to succeed. */
  interface Sender {
    MessageStream.Received send(String method, String target, String type, String body)
        throws IOException;
  }

  private static final String JSON = "application/json";
  private static final Pattern ID = Pattern.compile("\"(?:id|name)\": ?\"([^\"]+)\"");

  private final Sender sender;
  private final String canary;

  Possessions(Sender sender, String maker) {
    this.sender = sender;
    this.canary = Account.canary(maker);
  }

  void make(String format) throws IOException {
    switch (format) {
      case "anthropic" -> makeOfAnthropic();
      case "gemini" -> makeOfGemini();
      default -> makeOfOpenAi();
    }
  }

  private void makeOfAnthropic() throws IOException {
    String file = id(sender.send("POST", "v1/files", "multipart/form-data; boundary=b", upload()));
    expect("GET", "v1/files", file);
    String source = "[{'type': 'document', 'source': {'type': 'file', 'file_id': '" + file + "'}}]";
    for (String content : new String[] {"'CANARY'", source}) {
      String batch =
          post(
              "v1/messages/batches",
              "{'requests': [{'custom_id': 'a', 'params': {'model': 'claude-sonnet-4-5', 'max_tokens': 9,"
                  + " 'messages': [{'role': 'user', 'content': "
                  + content
                  + "}]}}]}");
      expect("GET", "v1/messages/batches", batch);
      expect("GET", "v1/messages/batches/" + batch, batch);
    }
  }

  private void makeOfGemini() throws IOException {
    String contents = "'contents': [{'parts': [{'text': 'CANARY'}]}]";
    String cache =
        post(
            "v1beta/cachedContents",
            "{'model': 'models/gemini-2.5-flash', " + contents + ", 'ttl': '60s'}");
    expect("GET", "v1beta/cachedContents", cache);
    String batch =
        post(
            "v1beta/models/gemini-2.5-flash:batchGenerateContent",
            "{'batch': {'inputConfig': {'requests': {'requests': [{'request': {'cachedContent': '"
                + cache
                + "', "
                + contents
                + "}}]}}}}");
    expect("GET", "v1beta/batches", batch);
    expect("GET", "v1beta/" + batch, batch);
  }

  private void makeOfOpenAi() throws IOException {
    String file = id(sender.send("POST", "files", "multipart/form-data; boundary=b", upload()));
    expect("GET", "files", file);
    expect("GET", "files/" + file + "/content", canary);
    String store = post("vector_stores", "{'name': 'CANARY', 'file_ids': ['" + file + "']}");
    expect("GET", "vector_stores", store);
    String conversation =
        post(
            "conversations",
            "{'items': [{'type': 'message', 'role': 'user', 'content': 'CANARY'}]}");
    String response = post("responses", response("'store': true"));
    expect("GET", "responses/" + response, response);
    post("responses", response("'store': true, 'previous_response_id': '" + response + "'"));
    post("responses", response("'store': true, 'conversation': '" + conversation + "'"));
    post(
        "responses",
        response(
            "'store': true, 'tools': [{'type': 'file_search', 'vector_store_ids': ['"
                + store
                + "']}]"));
    post("containers", "{'name': 'CANARY'}");
    String chat =
        post(
            "chat/completions",
            "{'model': 'gpt-4.1-mini', 'store': true, 'messages': [{'role': 'user', 'content': 'CANARY'}]}");
    expect("GET", "chat/completions", chat);
  }

  private String upload() {
    return "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n"
        + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
        + "Content-Type: text/plain\r\n\r\n"
        + canary
        + "\r\n--b--\r\n";
  }

  private static String response(String more) {
    return "{'model': 'gpt-4.1-mini', 'input': 'CANARY', " + more + "}";
  }

  private String post(String path, String body) throws IOException {
    String json = body.replace('\'', '"').replace("CANARY", canary);
    return id(sender.send("POST", path, JSON, json));
  }

  private void expect(String method, String target, String part) throws IOException {
    MessageStream.Received answer = sender.send(method, target, "", "");
    if (!answer.text().contains(part)) {
      throw new AssertionError(target + " lacks " + part + ": " + answer.text());
    }
  }

  private static String id(MessageStream.Received answer) {
    Matcher id = ID.matcher(answer.text());
    if (!id.find()) {
      throw new AssertionError("no id in " + answer.text());
    }
    return id.group(1);
  }
}
