"""The pages of the portal: what a person can see and do in a browser, in four languages.

Whole without a script. The words stand in catalogues (`pages/locale`), in English in the templates
and here; what the network tells is in the official languages.
"""
