package io.claviger.stub;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One API's operations on stored objects, by the method and the end of the path. */
final class ObjectRoutes {
  interface Handler {
    StubResponse answer(ObjectCall call);
  }

  @SuppressWarnings("ArrayRecordComponent") // entries are never compared
  private record Entry(String method, String[] segments, Handler handler) {}

  /**
   * @param ids the path segments that match {@code {}}
   */
  record Found(Handler handler, List<String> ids) implements StubOperation {
    @Override
    public StubResponse answer(StubCall call) {
      return handler.answer(new ObjectCall(call, ids));
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  /**
   * @param pattern segments with slashes between them; {@code {}} matches any segment
   */
  ObjectRoutes on(String method, String pattern, Handler handler) {
    entries.add(new Entry(method, pattern.split("/"), handler));
    return this;
  }

  /**
   * Finds the operation whose pattern matches the end of the path. If several patterns match, the
   * longest one wins.
   */
  @Nullable Found find(String method, String path) {
    String[] segments = path.split("/");
    Entry best = null;
    for (Entry entry : entries) {
      if (entry.method().equals(method)
          && (best == null || entry.segments().length > best.segments().length)
          && endsWith(segments, entry.segments())) {
        best = entry;
      }
    }
    return best == null ? null : new Found(best.handler(), ids(segments, best.segments()));
  }

  private static boolean endsWith(String[] path, String[] pattern) {
    int before = path.length - pattern.length;
    if (before < 0) {
      return false;
    }
    for (int i = 0; i < pattern.length; i++) {
      if (!pattern[i].equals("{}") && !pattern[i].equals(path[before + i])) {
        return false;
      }
    }
    return true;
  }

  private static List<String> ids(String[] path, String[] pattern) {
    String[] end = Arrays.copyOfRange(path, path.length - pattern.length, path.length);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < pattern.length; i++) {
      if (pattern[i].equals("{}")) {
        ids.add(QueryStringDecoder.decodeComponent(end[i]));
      }
    }
    return ids;
  }
}
