/** Requests to the API of a server. */
@NullMarked
package io.claviger.client.http;

import org.jspecify.annotations.NullMarked;
