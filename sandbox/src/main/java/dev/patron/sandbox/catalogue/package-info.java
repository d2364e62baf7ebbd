/** What the demo shop shows: products, their categories and their pictures. */
@NullMarked
package dev.patron.sandbox.catalogue;

import org.jspecify.annotations.NullMarked;
