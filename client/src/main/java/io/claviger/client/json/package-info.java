/** Reading and writing JSON. */
@NullMarked
package io.claviger.client.json;

import org.jspecify.annotations.NullMarked;
