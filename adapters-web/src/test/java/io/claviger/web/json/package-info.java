/** Tests of reading and writing JSON. */
@NullMarked
package io.claviger.web.json;

import org.jspecify.annotations.NullMarked;
