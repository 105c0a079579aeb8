/** Tests of the pages over sockets. */
@NullMarked
package io.claviger.web.pages;

import org.jspecify.annotations.NullMarked;
