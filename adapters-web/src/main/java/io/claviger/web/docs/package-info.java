/** The API contract and its documentation page, which are files on the class path. */
@NullMarked
package io.claviger.web.docs;

import org.jspecify.annotations.NullMarked;
