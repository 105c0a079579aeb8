/** The contract and its documentation page, from the class path. */
@NullMarked
package io.claviger.web.docs;

import org.jspecify.annotations.NullMarked;
